/** `npm run score -- <folder> [--wrong]`: verdicts against the truth of a lab run. */
import {
  confusionMatrix,
  labelledCaptures,
  labelledPairs,
  scoreCapture,
  tally,
  type Comparison,
} from './score-captures.js'

const root = process.argv[2] ?? 'captures'
const rows: Comparison[] = []
for (const scenario of [...labelledCaptures(root), ...labelledPairs(root)]) {
  const scored = await scoreCapture(root, scenario)
  rows.push(...scored.rows)
}
if (process.argv.includes('--wrong')) {
  for (const { scenario, truth, flow, fields } of rows) {
    const wrong = Object.entries(fields)
      .filter(([, value]) => value === false)
      .map(([field]) => field.replaceAll(' ', '-'))
    if (wrong.length === 0) continue
    const v = flow?.verdict
    console.log(`${scenario} flow ${flow?.stream} ${truth.client}: ${wrong.join(' ')}`)
    console.log(
      `   truth ${truth.class.join('|')}/${truth.variant} ${truth.severity} ${truth.phase} ${truth.owed} ${truth.closer} ${truth.closeFlag} ${truth.timer?.setting} ${truth.timer?.seconds}`,
    )
    console.log(
      `   ours  ${v?.class}/${v?.variant} ${v?.severity} ${v?.phase} ${flow?.close.owed} ${v?.closer} ${flow?.close.first?.flag} ${v?.timer?.setting} ${v?.timer?.seconds} ${v?.certainty} | ${v?.summary}`,
    )
  }
}
console.log(confusionMatrix(rows).join('\n'))
for (const [field, { right, wrong }] of tally(rows))
  console.log(
    `${field.padEnd(28)} ${right} right, ${wrong} wrong (${((100 * right) / (right + wrong)).toFixed(2)} %)`,
  )
