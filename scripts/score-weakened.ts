/**
 * `npm run score:weakened -- <folder> [--only <part of a scenario's name>] [--how <weakening>]`: poorer captures of the same traffic must
 * lead to fewer statements, not to wrong ones. Prints every statement that is not so; fails when one of them is not hedged.
 */
import { labelledCaptures } from './score-captures.js'
import { WEAKENINGS } from './weakened-captures.js'
import { outcome } from './weakened-captures-wrong.js'

function option(name: string): string | null {
  const at = process.argv.indexOf(`--${name}`)
  return at < 0 ? null : (process.argv[at + 1] ?? null)
}

const [first = 'captures'] = process.argv.slice(2)
const root = first.startsWith('--') ? 'captures' : first
const only = option('only') ?? ''
const how = option('how')
let failed = false
for (const weakening of WEAKENINGS.filter(({ name }) => how === null || name === how)) {
  let [wrong, hedged, flows, classified] = [0, 0, 0, 0]
  for (const scenario of labelledCaptures(root).filter((name) => name.includes(only))) {
    const seen = await outcome(root, scenario, weakening)
    flows += seen.flows
    classified += seen.classified
    for (const statement of seen.wrong) {
      console.log(`${statement.hedged ? 'possible' : 'WRONG   '} ${statement.text}`)
      if (statement.hedged) hedged++
      else wrong++
    }
  }
  console.log(
    `= ${weakening.name}: ${wrong} wrong, ${hedged} more that were hedged; ${flows} flows, ${classified} given a class`,
  )
  failed ||= wrong > 0
}
process.exitCode = failed ? 1 : 0
