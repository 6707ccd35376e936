import { payloadError } from '../payload-error.ts'
import type { HilError } from '../../core/errors.ts'

/** One string, as in `model`. Throws `fdt.value`. @param name of the property, for the error */
export function toText(value: Uint8Array, name: string): string {
  const texts = toTexts(value, name)
  if (texts.length !== 1) throw badValue(name, `has ${texts.length} strings where one belongs`)
  return texts[0] ?? ''
}

/** A list of strings, as in `compatible`: each ends with a NUL, none is empty. Throws `fdt.value`. */
export function toTexts(value: Uint8Array, name: string): string[] {
  if (value.length === 0) throw badValue(name, 'is empty where a string belongs')
  if (value.at(-1) !== 0) throw badValue(name, 'has a string that does not end with a NUL')
  const texts = Buffer.from(value.buffer, value.byteOffset, value.length - 1)
    .toString('utf8')
    .split('\0')
  if (texts.length > 1 && texts.includes('')) throw badValue(name, 'has an empty string in its list')
  return texts
}

/** Numbers of 32 bits, as in `reg`. Throws `fdt.value`. */
export function toCells(value: Uint8Array, name: string): number[] {
  if (value.length % 4 !== 0) throw badValue(name, `has ${value.length} bytes, which are no cells of four`)
  const view = new DataView(value.buffer, value.byteOffset, value.length)
  return Array.from({ length: value.length / 4 }, (_, index) => view.getUint32(4 * index))
}

/** One number of one or two cells, as addresses are. Throws `fdt.value`. */
export function toNumber(value: Uint8Array, name: string): bigint {
  const cells = toCells(value, name)
  if (cells.length === 0) throw badValue(name, 'is empty where a number belongs')
  if (cells.length > 2) throw badValue(name, `has ${cells.length} cells where a number of one or two belongs`)
  return cells.reduce((number, cell) => (number << 32n) | BigInt(cell), 0n)
}

export function fromText(text: string): Uint8Array {
  return Buffer.from(`${text}\0`)
}

export function fromTexts(texts: readonly string[]): Uint8Array {
  return Buffer.from(texts.map((text) => `${text}\0`).join(''))
}

export function fromCells(...cells: readonly number[]): Uint8Array {
  const bytes = Buffer.alloc(4 * cells.length)
  cells.forEach((cell, index) => bytes.writeUInt32BE(cell, 4 * index))
  return bytes
}

function badValue(name: string, what: string): HilError {
  return payloadError('fdt.value', `the property ${JSON.stringify(name)} ${what}`, { name })
}
