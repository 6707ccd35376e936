import { readFile } from 'node:fs/promises'
import type { SecretReference } from '../board/option-types.ts'
import { HilError } from '../core/errors.ts'
import { reasonOf } from '../core/reason-of.ts'

/** @throws HilError `environment.secret` (environment) that says where the secret was looked for */
export async function readSecret(reference: SecretReference): Promise<string> {
  const { value, place } =
    'env' in reference
      ? { value: process.env[reference.env], place: `the environment variable ${reference.env}` }
      : { value: await firstLine(reference.file), place: `the first line of ${reference.file}` }
  if (value !== undefined && value !== '') return value
  throw secretError(`${place} should hold a secret, but is empty`, reference)
}

async function firstLine(file: string): Promise<string | undefined> {
  try {
    return (await readFile(file, 'utf8')).split(/\r?\n/)[0]
  } catch (cause) {
    throw secretError(`the secret in ${file} cannot be read: ${reasonOf(cause)}`, { file }, cause)
  }
}

function secretError(message: string, reference: SecretReference, cause?: unknown): HilError {
  return new HilError('environment.secret', message, { blame: 'environment', details: { reference }, cause })
}
