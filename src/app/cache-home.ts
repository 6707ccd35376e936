import { homedir } from 'node:os'
import { join } from 'node:path'

/** Where hil keeps what can be made again: `$XDG_CACHE_HOME/hil`, by default `~/.cache/hil`. */
export function cacheHome(): string {
  return join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'hil')
}
