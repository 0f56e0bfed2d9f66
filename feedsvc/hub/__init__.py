"""WebSub (W3C Recommendation, 23 January 2018): readers are told at once, by a hub of our own or by one elsewhere.

`asking` reads a subscription request; the web keeps it and has done. All else happens beside the poller: `calling` asks
callbacks whether they want to be called and brings them documents, `pinging` tells a hub elsewhere, `pushing` is the
loop that does either whenever something is due. Nothing waits in memory: what is due stands in the store's outbox.
"""
