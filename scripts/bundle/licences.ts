/** The licences of the packages that became part of the command line. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Name, version and licence text of each package that one of these files belongs to. Throws when a package has none. */
export function licences(root: string, files: readonly string[]): string {
  const folders = files.map((file) => /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0])
  const packages = [...new Set(folders.filter((folder) => folder !== undefined))].sort()
  return packages.map((folder) => licence(join(root, folder))).join('\n\n')
}

function licence(folder: string): string {
  const { name, version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
    name: string
    version: string
  }
  const file = readdirSync(folder).find((each) => /^licen[cs]e/i.test(each))
  if (file === undefined) throw new Error(`${name} says nothing of its licence`)
  return `${name} ${version}\n\n${readFileSync(join(folder, file), 'utf8').trim()}\n`
}
