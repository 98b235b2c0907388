/** What the terminal behind a stream can show. */
import type { Look } from '../report/style.js'
import { NARROWEST_SCREEN, USUAL_SCREEN } from './policy.js'

/** The part of a stream that matters here. */
export interface Screen {
  readonly isTTY?: boolean
  readonly columns?: number
}

/** Environment variables by name. */
export type Environment = Readonly<Record<string, string | undefined>>

function widthOf(screen: Screen, env: Environment): number | null {
  // A file or a pipe has no edge: whatever is cut or folded there would be lost to grep.
  if (screen.isTTY !== true) return null
  const said = Number(env['COLUMNS'])
  const columns = Number.isInteger(said) && said > 0 ? said : (screen.columns ?? USUAL_SCREEN)
  return Math.max(NARROWEST_SCREEN, columns)
}

function hasColour(screen: Screen, env: Environment, allowed: boolean): boolean {
  if (!allowed || (env['NO_COLOR'] ?? '') !== '') return false
  const forced = env['FORCE_COLOR']
  if (forced !== undefined) return forced !== '0' && forced !== 'false'
  return screen.isTTY === true && env['TERM'] !== 'dumb'
}

function hasUtf8(env: Environment): boolean {
  // The kernel's own console has boxes and arrows but no ✗.
  if (env['TERM'] === 'linux') return false
  const locale = [env['LC_ALL'], env['LC_CTYPE'], env['LANG']].find((value) => (value ?? '') !== '')
  // Containers and CI set no locale at all and show UTF-8 well; who says C or ISO-8859-1 means it.
  return locale === undefined || /utf-?8/i.test(locale)
}

/** The look of a stream; `colour` is false for --no-color. */
export function lookOf(screen: Screen, env: Environment, colour: boolean): Look {
  return {
    width: widthOf(screen, env),
    colour: hasColour(screen, env, colour),
    utf8: hasUtf8(env),
  }
}
