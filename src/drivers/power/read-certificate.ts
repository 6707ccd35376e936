import { readFile } from 'node:fs/promises'
import { HilError } from '../../core/errors.ts'
import { reasonOf } from '../../core/reason-of.ts'

/** @throws HilError `power.no-certificate` (environment) */
export async function readCertificate(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch (cause) {
    throw new HilError('power.no-certificate', `the certificate ${file} cannot be read: ${reasonOf(cause)}`, {
      blame: 'environment',
      details: { file },
      cause,
    })
  }
}
