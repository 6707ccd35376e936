import type { BisectionRecord } from '../../core/bisection-record.ts'
import { formatElapsed } from '../format.ts'
import { plural } from './amounts.ts'

/** `19 runs and 11 builds (2 from the cache, 1 failed) in 36 min 05 s` */
export function spentOn({ probes, builds, activeMs }: BisectionRecord): string {
  const lost = probes.filter(({ outcome }) => outcome === 'infrastructure').length
  const failed = builds.filter(({ obstacle }) => obstacle !== undefined).length
  const cached = builds.filter(({ isCached }) => isCached === true).length
  const runs = plural(probes.length, 'run') + inBrackets([lost > 0 ? `${lost} lost to the bench` : ''])
  const made =
    plural(builds.length, 'build') +
    inBrackets([cached > 0 ? `${cached} from the cache` : '', failed > 0 ? `${failed} failed` : ''])
  return `${runs} and ${made} in ${formatElapsed(activeMs)}`
}

function inBrackets(parts: readonly string[]): string {
  const told = parts.filter((part) => part !== '')
  return told.length === 0 ? '' : ` (${told.join(', ')})`
}
