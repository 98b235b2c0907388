/**
 * `npm run page`: compiles the script of the HTML report (src/report/html/page) and puts it with its style sheet into
 * src/report/html/page-parts.ts as two strings. A test holds that the file is what this writes.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import ts from 'typescript'

const FOLDER = 'src/report/html/page'
export const PAGE_PARTS = 'src/report/html/page-parts.ts'

/** The modules that a file needs, each before those that need it. */
function inOrder(file: string, done: string[] = []): string[] {
  if (done.includes(file)) return done
  const source = parse(file)
  for (const statement of source.statements) {
    if (!ts.isImportDeclaration(statement) || statement.importClause?.isTypeOnly === true) continue
    const name = (statement.moduleSpecifier as ts.StringLiteral).text
    inOrder(normalize(join(dirname(file), name)).replace(/\.js$/, '.ts'), done)
  }
  done.push(file)
  return done
}

function parse(file: string): ts.SourceFile {
  return ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.ES2022, true)
}

/** Takes imports and the word `export` away: all modules share one function. */
const withoutModules: ts.TransformerFactory<ts.SourceFile> = (context) => (source) => {
  const bare = <T extends ts.Node>(node: T & ts.HasModifiers): readonly ts.ModifierLike[] | undefined =>
    node.modifiers?.filter((modifier) => modifier.kind !== ts.SyntaxKind.ExportKeyword)
  const { factory } = context
  const statements = source.statements.flatMap((statement): ts.Statement[] => {
    if (ts.isImportDeclaration(statement) || ts.isExportDeclaration(statement)) return []
    if (ts.isFunctionDeclaration(statement))
      return [
        factory.updateFunctionDeclaration(
          statement,
          bare(statement),
          statement.asteriskToken,
          statement.name,
          statement.typeParameters,
          statement.parameters,
          statement.type,
          statement.body,
        ),
      ]
    if (ts.isClassDeclaration(statement))
      return [
        factory.updateClassDeclaration(
          statement,
          bare(statement),
          statement.name,
          statement.typeParameters,
          statement.heritageClauses,
          statement.members,
        ),
      ]
    if (ts.isVariableStatement(statement))
      return [factory.updateVariableStatement(statement, bare(statement), statement.declarationList)]
    return [statement]
  })
  return factory.updateSourceFile(source, statements)
}

/** Names at the top of modules have to differ once they share one scope. */
function refuseClashes(files: readonly string[]): void {
  const owner = new Map<string, string>()
  for (const file of files)
    for (const statement of parse(file).statements) {
      const names = ts.isVariableStatement(statement)
        ? statement.declarationList.declarations.map((each) => each.name.getText())
        : (ts.isFunctionDeclaration(statement) || ts.isClassDeclaration(statement)) && statement.name
          ? [statement.name.text]
          : []
      for (const name of names) {
        if (owner.has(name)) throw new Error(`${name} stands in ${owner.get(name) as string} and in ${file}`)
        owner.set(name, file)
      }
    }
}

function compiled(file: string): string {
  return ts.transpileModule(readFileSync(file, 'utf8'), {
    fileName: file,
    compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext, removeComments: true },
    transformers: { after: [withoutModules] },
  }).outputText
}

/** The style sheet without comments and needless space. */
function tightStyle(css: string): string {
  return css
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/\s+/g, ' ')
    .replace(/ ?([{};]) ?/g, '$1')
    .replace(/;}/g, '}')
    .trim()
}

/** The text of page-parts.ts as the sources are now; `root` is the folder of the project. */
export function pageParts(root: string): string {
  const files = inOrder(join(root, FOLDER, 'main.ts'))
  refuseClashes(files)
  const script = `(() => {\n'use strict'\n${files.map(compiled).join('')}})()\n`
  if (/<\/script|<!--/i.test(script)) throw new Error('the script would end its own element')
  const style = tightStyle(readFileSync(join(root, FOLDER, 'page.css'), 'utf8'))
  return [
    '/** Written by scripts/page-parts.ts from page/: the script and the style sheet of the HTML report. */',
    `export const PAGE_SCRIPT = ${JSON.stringify(script)}`,
    `export const PAGE_STYLE = ${JSON.stringify(style)}`,
    '',
  ].join('\n')
}

if (process.argv[1]?.endsWith('page-parts.ts')) writeFileSync(PAGE_PARTS, pageParts(process.cwd()))
