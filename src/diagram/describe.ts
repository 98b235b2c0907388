import type { Story } from './story.js'

/** The picture in words, for those who hear it: verdict, reasons, then row by row. */
export function describeStory(story: Story): string {
  const hosts = story.hosts.map((host) => host.name)
  const name = (index: number) => hosts[index] ?? '?'
  const rows = story.rows.map((row) => {
    if (row.kind !== 'arrow') return `${row.label}.`
    const weight = row.part === 'deciding' ? ' This decides.' : ''
    return `${row.clock} s, ${row.fromBetween ? 'from between' : name(row.from)} to ${name(row.to)}: ${`${row.label} ${row.size}`.trim().replace(/ {2}/g, ' ')}, frame ${row.frames}.${weight}`
  })
  const timer = story.timer === null ? [] : [`Timer: ${story.timer.lines.join(', ')}.`]
  const fix = story.fix.length === 0 ? [] : [`Fix: ${story.fix.join(' ')}`]
  return [
    `${story.pill}, ${story.aside}.`,
    `Sequence of packets between ${hosts.join(', ')}.`,
    ...story.why.map((reason) => `${reason.frames} ${reason.text}`.trim()),
    ...rows,
    ...timer,
    ...fix,
  ].join('\n')
}
