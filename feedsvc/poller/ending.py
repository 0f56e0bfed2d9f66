"""What a poll leaves behind: the state of its category, what was found, and why something was not."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace

from feedsvc import alarms, plan
from feedsvc.errand import Errand, Visits
from feedsvc.errors import ExtractError, FetchError, Malformed
from feedsvc.extract.profile import list_habit
from feedsvc.fetch.guard import told_of
from feedsvc.model import Alarm, CategoryState, Claim, Outcome, PollResult, Problem, Profile, Seen, Suspect
from feedsvc.poller.believing import Believer
from feedsvc.poller.walking import Walk
from feedsvc.visits import Visitor, settle_and_save

PATIENCE = 2
"""Polls for which an article that cannot be fetched is waited for, before the listing's words make an item of it."""


class Ending:
    """Stores one poll, whether it went well or not."""

    def __init__(
        self,
        errand: Errand,
        claim: Claim,
        believer: Believer,
        *,
        make_id: Callable[[str, str, int], str],
        jitter: Callable[[], float],
    ) -> None:
        self.errand, self.claim, self.state, self.believer = errand, claim, claim.state, believer
        self.source, self.category = errand.source, errand.category
        self.make_id, self.jitter = make_id, jitter

    async def save(self, walk: Walk, visits: Visits) -> PollResult:
        """Stores what the poll found, and where the next one goes on."""
        problem = self.missed(visits)
        failed = problem is not None and not visits.read
        idle = walk.late and not visits.drafts and not visits.left
        problem = problem or self.unfinished(walk, idle=idle)
        left = bool(visits.missed) or bool(visits.left and (visits.drafts or visits.late or problem))
        cut = walk.broken is not None or (walk.cut and not (idle and walk.pages > plan.CATCH_UP_PAGES))
        depth = plan.next_depth(self.state, self.category, walked=walk.pages, cut=cut, left=left, shift=walk.shift)

        lasting = await self.lasting()

        def result_of(settled: plan.Settled) -> PollResult:
            still = walk.unchanged and not settled.new and not settled.changed
            outcome: Outcome = "failed" if failed else "unchanged" if still else "ok"
            profile = None if failed or self.taught_nothing(walk, settled) else self.taught(walk, settled)
            state = self.next_state(outcome, walk=walk, depth=depth, problem=problem)
            if profile is not None and settled.new:
                state = replace(state, overdue=plan.overdue(list_habit(profile, self.category.slug)))
            state = self.paced(state, profile)
            result = self.result(outcome, state, problem, settled, tuple(visits.seen))
            written = self.errand.lessons.written(profile)
            return self.with_alarms(replace(result, profile=written), lasting)

        result = await settle_and_save(self.errand, await self.placed(walk, visits), self.make_id, result_of)
        alarms.log(result.alarms)
        return result

    async def placed(self, walk: Walk, visits: Visits) -> Sequence[plan.Draft]:
        """The drafts; those of a first walk at their place in the list, which an earlier poll has begun to store."""
        if self.state.succeeded is not None or not self.state.depth:
            return visits.drafts
        known = await self.errand.known(stub.keys for stub in walk.stubs)
        return plan.below_known(visits.drafts, walk.stubs, known)

    def taught(self, walk: Walk, settled: plan.Settled) -> Profile:
        """What is known of the source after a good poll."""
        usual = None if walk.unchanged else walk.usual
        name, zone = self.category.slug, self.source.timezone
        return self.errand.lessons.after(name, settled.new, usual, self.errand.clock(), zone)

    def taught_nothing(self, walk: Walk, settled: plan.Settled) -> bool:
        """Whether this was one of the many polls that find all as it was: then the profile is not even read."""
        return walk.unchanged and not settled.new and not self.state.failures

    def paced(self, state: CategoryState, profile: Profile | None) -> CategoryState:
        """The state with the next poll as late as the hour allows: quiet hours are asked less."""
        if not self.category.adapt or state.outcome != "unchanged" or state.problem is not None or state.depth:
            return state
        habit = list_habit(profile or self.errand.lessons.profile, self.category.slug)
        now = state.polled or self.errand.clock()
        pause, _ = plan.interval(self.category, habit, now, self.source.timezone)
        return replace(state, next_poll=max(state.next_poll or now, now + pause))

    async def lasting(self) -> list[Alarm]:
        """The alarms of the category that have not ended; nothing is asked where the state knows of none."""
        if not self.state.alarms:
            return []
        return await asyncio.to_thread(self.errand.store.lasting_alarms, self.source.slug, self.category.slug)

    def with_alarms(self, result: PollResult, lasting: Sequence[Alarm]) -> PollResult:
        """The result with what a person is told because of it."""
        now, lessons, zone = result.finished, self.errand.lessons, self.source.timezone
        return alarms.after(
            result,
            lasting,
            self.category,
            self.make_id,
            lambda: plan.silence(lessons.habit(self.category), now, zone),
        )

    def unfinished(self, walk: Walk, *, idle: bool) -> Problem | None:
        """Why a walk goes on after a pause only: a page that does not answer, or time that was spent without gain.

        A walk starts at the first page each time: one that found nothing as far as a poll can go will not find more.
        """
        if walk.broken is not None:
            detail = f"{self.told_of(walk.broken)} (the list goes on behind this page)"
            error = walk.broken
            return Problem(code=error.code, detail=detail, url=error.url, retry_after=error.retry_after)
        if idle:
            more = "older news is given up" if walk.pages > plan.CATCH_UP_PAGES else "it goes on at the next"
            detail = f"{walk.pages} pages of {self.category.url} took all the time of a poll; {more}"
            return Problem(code="timed-out", detail=detail, url=self.category.url)
        return None

    def missed(self, visits: Visits) -> Problem | None:
        """Articles that could not be fetched: waited for at first, shortened when the others of the poll came."""
        if not visits.missed:
            return None
        _, _, error = visits.missed[-1]
        wait = visits.stopped or not visits.read
        if not wait or self.state.failures >= PATIENCE:
            for position, stub, _ in visits.missed:
                Visitor(self.errand).shorten(position, stub, visits)
            visits.missed.clear()
        if not wait:
            return None
        left = visits.left + len(visits.missed)
        return Problem(
            code=error.code,
            detail=f"{self.told_of(error)} ({left} articles wait)",
            url=error.url,
            retry_after=error.retry_after,
        )

    def told_of(self, error: FetchError | ExtractError) -> str:
        """What an error says to an operator."""
        return told_of(error, self.category.url, self.source.home)

    async def save_failure(self, error: FetchError | ExtractError) -> PollResult:
        """Nothing changes but the category's state; an answer that was not believed is kept for a person to look at."""
        doubted = isinstance(error, ExtractError | Malformed) and bool(self.state.usual)
        outcome: Outcome = "suspicious" if doubted else "failed"
        problem = Problem(
            code=error.code,
            detail=self.told_of(error),
            url=getattr(error, "url", "") or self.category.url,
            retry_after=getattr(error, "retry_after", None),
        )
        state = self.next_state(outcome, problem=problem, depth=self.believer.farther)
        result = replace(self.result(outcome, state, problem), profile=self.errand.lessons.written())
        if doubted:
            result = replace(result, suspect=self.suspect(problem))
        result = self.with_alarms(result, await self.lasting())
        await self.errand.save(result)
        alarms.log(result.alarms)
        return result

    def suspect(self, problem: Problem) -> Suspect | None:
        """The answer that was not believed; None where there is no whole one."""
        page = self.believer.page
        if page is None:
            return None
        return Suspect(
            source=self.source.slug,
            category=self.category.slug,
            url=page.final_url,
            at=page.fetched_at,
            code=problem.code,
            detail=problem.detail,
            content_type=page.content_type,
            body=page.body,
        )

    def next_state(
        self, outcome: Outcome, *, walk: Walk | None = None, depth: int = 0, problem: Problem | None = None
    ) -> CategoryState:
        """Where polling stands from now on; a good poll may still have something to tell."""
        learned = walk if walk and not walk.unchanged else Walk()
        now = self.errand.clock()
        state = plan.next_state(
            self.state,
            self.category,
            outcome=outcome,
            finished=now,
            jitter=self.jitter(),
            problem=problem,
            validators=learned.validators,
            digest=learned.digest,
            depth=depth,
            usual=learned.usual,
            shape=learned.shape,
            imprint=learned.imprint,
        )
        if problem is None and not (walk and walk.unchanged and self.state.problem is None and not self.errand.copying):
            full = self.errand.copying.problem if self.errand.copying else None
            notice = self.errand.lessons.notice(self.category, now, self.source.timezone)
            state = replace(state, problem=full or notice)
        return state

    def result(
        self,
        outcome: Outcome,
        state: CategoryState,
        problem: Problem | None,
        settled: plan.Settled | None = None,
        seen: tuple[Seen, ...] = (),
    ) -> PollResult:
        """All that is stored of the poll."""
        settled = settled or plan.Settled(new=(), changed=(), seen=())
        return PollResult(
            source=self.source.slug,
            category=self.category.slug,
            token=self.claim.token,
            started=self.believer.started,
            finished=self.errand.clock(),
            outcome=outcome,
            new=settled.new,
            changed=settled.changed,
            seen=(*seen, *settled.seen),
            moved_keys=settled.moved_keys,
            state=state,
            problem=problem,
        )
