import { randomInt } from 'node:crypto'

/** Two characters that tell the marks of this session from those of an earlier one. */
export function nonce(): string {
  return randomInt(36, 36 ** 2).toString(36)
}
