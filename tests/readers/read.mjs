// Reads feed documents with one parser of the npm world: a JSON list of {url, body} on standard input, the items that the
// parser sees on standard output, as {url: [{id, title, link, date, author, enclosures}]}.
import { readFileSync } from 'node:fs'

const text = (value) => (value == null ? '' : String(value))
const when = (value) => (value == null || value === '' ? null : new Date(value).toISOString())

async function rssParser(body) {
  const { default: Parser } = await import('rss-parser')
  const feed = await new Parser().parseString(body)
  return feed.items.map((item) => ({
    id: item.guid ?? item.id,
    title: item.title,
    link: item.link,
    date: item.isoDate ?? item.pubDate,
    author: item.creator ?? item.author,
    enclosures: item.enclosure ? [item.enclosure.url] : [],
  }))
}

async function feedparser(body) {
  const { default: FeedParser } = await import('feedparser')
  const parser = new FeedParser({ addmeta: false })
  const items = []
  await new Promise((resolve, reject) => {
    parser.on('data', (item) => items.push(item)).on('end', resolve).on('error', reject)
    parser.end(body)
  })
  return items.map((item) => ({
    id: item.guid,
    title: item.title,
    link: item.link,
    date: item.pubdate,
    author: item.author,
    enclosures: item.enclosures.map((one) => one.url),
  }))
}

async function rowanmanning(body) {
  const { parseFeed } = await import('@rowanmanning/feed-parser')
  return parseFeed(body).items.map((item) => ({
    id: item.id,
    title: item.title,
    link: item.url,
    date: item.published,
    author: item.authors.map((one) => one.name)[0],
    enclosures: item.media.map((one) => one.url),
  }))
}

async function feedsmith(body) {
  const { parseFeed } = await import('feedsmith')
  const { format, feed } = parseFeed(body)
  if (format === 'json') {
    return feed.items.map((item) => ({
      id: item.id,
      title: item.title,
      link: item.url,
      date: item.date_published,
      author: item.authors?.[0]?.name,
      enclosures: (item.attachments ?? []).map((one) => one.url),
    }))
  }
  const items = format === 'atom' ? feed.entries : feed.items
  return items.map((item) => ({
    id: item.guid?.value ?? item.id,
    title: item.title?.value ?? item.title,
    link: item.link ?? item.links?.find((one) => one.rel === 'alternate')?.href,
    date: item.pubDate ?? item.published,
    author: item.dc?.creators?.[0] ?? item.dc?.creator ?? item.authors?.[0]?.name,
    enclosures: (item.enclosures ?? item.links?.filter((one) => one.rel === 'enclosure') ?? []).map(
      (one) => one.url ?? one.href,
    ),
  }))
}

const parsers = { 'rss-parser': rssParser, feedparser, '@rowanmanning/feed-parser': rowanmanning, feedsmith }
const parse = parsers[process.argv[2]]
const found = {}
for (const { url, body } of JSON.parse(readFileSync(0, 'utf8'))) {
  found[url] = (await parse(body)).map((item) => ({
    id: text(item.id),
    title: text(item.title),
    link: text(item.link),
    date: when(item.date),
    author: text(item.author),
    enclosures: item.enclosures.map(text),
  }))
}
process.stdout.write(JSON.stringify(found))
