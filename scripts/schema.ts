/** `npm run schema`: the JSON Schemas of the package, made from the types in src/report/document.ts. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { createGenerator } from 'ts-json-schema-generator'
import { format } from 'prettier'

const file = (path: string): string => fileURLToPath(new URL(`../${path}`, import.meta.url))

/** Files of the package's `schema/` folder, by the type that each describes. */
export const SCHEMAS: Readonly<Record<string, string>> = {
  'report.schema.json': 'ReportDocument',
  'report-line.schema.json': 'ReportLine',
}

/** Schemas of all the types in one go. `open`: fields that are not in it are allowed, as the contract has it. */
export function schemaOf(type: string, open: boolean): object {
  const schema = createGenerator({
    path: file('src/report/document.ts'),
    tsconfig: file('tsconfig.json'),
    type,
    additionalProperties: open,
    skipTypeCheck: true,
    topRef: true,
    expose: 'all',
    jsDoc: 'extended',
  }).createSchema(type)
  return {
    ...schema,
    title: type === 'ReportDocument' ? 'pcap-why/report/1' : 'a line of pcap-why --ndjson',
    description: 'Fields may be added; none is removed or changes its meaning within a schema number.',
  }
}

/** The text of a schema as committed. */
export async function schemaText(type: string): Promise<string> {
  return format(JSON.stringify(schemaOf(type, true)), { parser: 'json', printWidth: 110 })
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  mkdirSync(file('schema'), { recursive: true })
  for (const [name, type] of Object.entries(SCHEMAS)) {
    writeFileSync(file(`schema/${name}`), await schemaText(type))
    console.log(`schema/${name}`)
  }
}
