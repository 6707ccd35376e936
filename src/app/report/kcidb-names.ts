import { HilError } from '../../core/errors.ts'
import type { KcidbNames } from '../../report/machine/kcidb.ts'

/**
 * What a report for KernelCI calls itself: `HIL_KCIDB_ORIGIN`, and `HIL_KCIDB_BUILD` where the build was submitted by others.
 * @throws HilError `kcidb.name` (environment) for names that the database refuses
 */
export function kcidbNames(
  environment: Readonly<Record<string, string | undefined>> = process.env,
): KcidbNames {
  const origin = environment['HIL_KCIDB_ORIGIN'] ?? 'hil'
  const build = environment['HIL_KCIDB_BUILD']
  if (!/^[a-z0-9_]+$/.test(origin)) {
    throw wrong(`HIL_KCIDB_ORIGIN is "${origin}": it takes small letters, digits and _ only`)
  }
  if (build !== undefined && !/^[a-z0-9_]+:[^\0]+$/.test(build)) {
    throw wrong(`HIL_KCIDB_BUILD is "${build}": it takes the id of a build, as in myci:1234`)
  }
  return { origin, build }
}

function wrong(sentence: string): HilError {
  return new HilError('kcidb.name', sentence, { blame: 'environment' })
}
