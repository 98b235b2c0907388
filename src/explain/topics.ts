/** Finds the page that a word means. */
import { componentName, componentWord, plain } from '../knowledge/components.js'
import { nearest } from '../knowledge/nearest.js'
import { timersFor } from '../knowledge/settings.js'
import { entriesOf, entry, timers } from '../knowledge/timers.js'
import type { TimerEntry } from '../knowledge/types.js'
import { classPage } from './class-page.js'
import { classPages } from './class-pages.js'
import type { Page } from './page.js'
import { settingPage } from './setting-page.js'

/** What was found: pages to print, or the word that was probably meant (null: nothing is near). */
export type Found = { readonly pages: readonly Page[] } | { readonly suggestion: string | null }

/**
 * Pages for a class (`idle-timeout`), a variant (`fin-crossing`), a setting (`nginx.proxy_read_timeout`, `proxy_read_timeout`,
 * `uvicorn --timeout-keep-alive`) or a component (`haproxy`: a list of its settings). Case and punctuation do not matter.
 */
export function find(words: string): Found {
  const wanted = plain(words)
  if (wanted === '') return { suggestion: null }
  const pages = classFor(wanted) ?? settingsFor(words.trim()) ?? componentFor(words.trim())
  return pages === null ? { suggestion: nearestTopic(wanted) } : { pages }
}

function classFor(wanted: string): readonly Page[] | null {
  // Some variants are those of two classes.
  const ofVariants: Page[] = []
  for (const page of Object.values(classPages)) {
    if (plain(page.code) === wanted || plain(page.title) === wanted) return [classPage(page)]
    for (const { name } of page.variants) {
      if (name === null) continue
      if (plain(`${page.code}/${name}`) === wanted) return [classPage(page, name)]
      if (plain(name) === wanted) ofVariants.push(classPage(page, name))
    }
  }
  return ofVariants.length === 0 ? null : ofVariants
}

/** One setting by its id, or by component and name; of a name without component, every component's. */
function settingsFor(words: string): readonly Page[] | null {
  const exact = entry(words)
  if (exact !== null) return [settingPage(exact)]
  const [, component = '', setting = ''] = /^([^.\s]+)[.\s]+(.+)$/.exec(words) ?? []
  const named = setting === '' ? [] : timersFor({ component, setting })
  const found = named.length > 0 ? named : anyones(words)
  return found.length === 0 ? null : found.map(settingPage)
}

function anyones(setting: string): readonly TimerEntry[] {
  const wanted = plain(setting)
  return timers().filter(
    ({ id, setting: name }) =>
      plain(id) === wanted || plain(name) === wanted || plain(id.slice(id.indexOf('.') + 1)) === wanted,
  )
}

function componentFor(words: string): readonly Page[] | null {
  const word = componentWord(words)
  const all = word === null ? [] : entriesOf(word)
  if (word === null || all.length === 0) return null
  const title = `timers of ${componentName(word)}`
  return [{ name: word, title, sections: [{ heading: 'settings', lines: all.map(settingLine), column: 45 }] }]
}

function settingLine({ id, setting, default: value, timer }: TimerEntry): string {
  const unit = timer === 'count' ? 'requests' : 's'
  return `${id.padEnd(44)} ${setting}${value === null ? '' : `, ${value} ${unit}`}`
}

function nearestTopic(wanted: string): string | null {
  const classes = Object.values(classPages)
  return nearest(wanted, [
    ...classes.map(({ code }) => [plain(code), code]),
    ...classes.flatMap(({ variants }) =>
      variants.flatMap(({ name }) => (name === null ? [] : [[plain(name), name]])),
    ),
    ...timers().flatMap(({ id, setting }) => [
      [plain(id), id],
      [plain(setting), id],
      [plain(id.slice(id.indexOf('.') + 1)), id],
    ]),
    ...timers().map(({ component }) => [plain(component), component]),
  ])
}

/** Everything there is a page for. */
export function contents(): Page {
  const classes = Object.values(classPages).flatMap(({ code, title, variants }) => [
    `${code.padEnd(20)} ${title}`,
    ...variants.flatMap(({ name, meaning }) => (name === null ? [] : [`  ${name.padEnd(18)} ${meaning}`])),
  ])
  const components = [...new Set(timers().map(({ component }) => component))]
  const lines = components.map((word) => {
    const count = entriesOf(word).length
    return `${word.padEnd(22)} ${componentName(word)}, ${count} ${count === 1 ? 'setting' : 'settings'}`
  })
  return {
    name: 'explain',
    title: `${Object.keys(classPages).length} classes and ${timers().length} settings`,
    sections: [
      { heading: 'classes', lines: classes, column: 21 },
      { heading: 'components', lines, column: 23 },
      {
        heading: 'ask',
        lines: [
          'pcap-why explain keepalive-race',
          'pcap-why explain haproxy',
          'pcap-why explain nginx.proxy_read_timeout',
        ],
        code: true,
      },
    ],
  }
}
