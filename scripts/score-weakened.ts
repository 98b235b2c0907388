/**
 * `npm run score:weakened -- <folder>`: poorer captures of the same traffic must lead to fewer statements, not to wrong ones. Fails when a
 * statement that is not hedged is wrong: a certain verdict or link, what was owed, a cause.
 */
import { labelledCaptures } from './score-captures.js'
import { WEAKENINGS, wrongStatements } from './weakened-captures.js'

const root = process.argv[2] ?? 'captures'
let failed = false
for (const how of WEAKENINGS) {
  let wrong = 0
  let hedged = 0
  for (const scenario of labelledCaptures(root)) {
    for (const statement of await wrongStatements(root, scenario, how)) {
      console.log(statement.text)
      if (statement.hedged) hedged++
      else wrong++
    }
  }
  console.log(`${how.name}: ${wrong} wrong statements, ${hedged} more that were called likely`)
  failed ||= wrong > 0
}
process.exitCode = failed ? 1 : 0
