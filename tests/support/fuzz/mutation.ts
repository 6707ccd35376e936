import fc from 'fast-check'
import type { Sample } from './corpus.ts'

/**
 * One change to a file. Places are any number: they are cut to what the file has, so that every mutation
 * fits every file, also after it was cut or spliced.
 */
export type Mutation =
  | { readonly kind: 'flip'; readonly at: number; readonly bit: number }
  | { readonly kind: 'byte'; readonly at: number; readonly value: number }
  /** Lengths and offsets of device trees: 32 bits, high byte first, at multiples of 4. */
  | { readonly kind: 'word'; readonly at: number; readonly value: number }
  /** As `word`, but a number close to the size of the file. */
  | { readonly kind: 'size'; readonly at: number; readonly delta: number }
  /** Lengths of cpio: eight hexadecimal digits, thirteen times in each header. */
  | { readonly kind: 'field'; readonly header: number; readonly field: number; readonly value: number }
  /** Numbers of TFTP's options. */
  | { readonly kind: 'digits'; readonly run: number; readonly text: string }
  | { readonly kind: 'cut'; readonly at: number }
  | { readonly kind: 'remove' | 'repeat'; readonly at: number; readonly length: number }
  /** The beginning of this file, and the end of another one. */
  | { readonly kind: 'splice'; readonly at: number; readonly other: number; readonly from: number }

export interface MutatedInput {
  /** Which of the corpus. */
  readonly sample: number
  readonly mutations: readonly Mutation[]
}

/** One in four is where headers are. */
const place = fc.oneof({ arbitrary: fc.nat(63), weight: 1 }, { arbitrary: fc.nat(0xffff), weight: 3 })
const extreme = fc.oneof(
  fc.constantFrom(0, 1, 2, 3, 4, 9, 0x7fff, 0xffff, 0x10000, 0x100000, 0x40000000),
  fc.constantFrom(0x7ffffffc, 0x7fffffff, 0x80000000, 0xfffffff0, 0xfffffffc, 0xfffffffe, 0xffffffff),
  fc.nat(5000),
)
/** As a byte of a cpio header, which makes another number of it. */
const digit = fc.constantFrom(...Buffer.from('0123456789abcdef'))
const numbers = ['0', '1', '7', '8', '65464', '65465', '65535', '65536', '4294967296', '-1', '1e3', '', ' 5']

const mutation: fc.Arbitrary<Mutation> = fc.oneof(
  fc.record({ kind: fc.constant('flip'), at: place, bit: fc.nat(7) }),
  fc.record({ kind: fc.constant('byte'), at: place, value: fc.oneof(fc.nat(255), digit) }),
  fc.record({ kind: fc.constant('word'), at: place, value: extreme }),
  fc.record({ kind: fc.constant('size'), at: place, delta: fc.integer({ min: -12, max: 12 }) }),
  fc.record({ kind: fc.constant('field'), header: fc.nat(20), field: fc.nat(12), value: extreme }),
  fc.record({ kind: fc.constant('digits'), run: fc.nat(9), text: fc.constantFrom(...numbers) }),
  fc.record({ kind: fc.constant('cut'), at: place }),
  fc.record({ kind: fc.constantFrom('remove', 'repeat'), at: place, length: fc.nat(200) }),
  fc.record({ kind: fc.constant('splice'), at: place, other: fc.nat(63), from: place }),
)

/** Inputs made of a corpus by one to three mutations: more would hide each other. */
export const mutatedInput: fc.Arbitrary<MutatedInput> = fc.record({
  sample: fc.nat(0xffff),
  mutations: fc.array(mutation, { minLength: 1, maxLength: 3 }),
})

export function mutate(corpus: readonly Sample[], { sample, mutations }: MutatedInput): Buffer {
  let bytes = Buffer.from(pick(corpus, sample).bytes)
  for (const each of mutations) bytes = change(bytes, each, corpus)
  return bytes
}

export function pick<T>(all: readonly T[], index: number): T {
  return all[index % all.length] as T
}

/** @param bytes are written to */
function change(
  bytes: Buffer<ArrayBuffer>,
  mutation: Mutation,
  corpus: readonly Sample[],
): Buffer<ArrayBuffer> {
  if (bytes.length === 0) return bytes
  const placeOf = (at: number) => at % bytes.length
  switch (mutation.kind) {
    case 'flip':
    case 'byte': {
      const at = placeOf(mutation.at)
      bytes[at] = mutation.kind === 'byte' ? mutation.value : (bytes[at] ?? 0) ^ (1 << mutation.bit)
      return bytes
    }
    case 'word':
      return setWord(bytes, mutation.at, mutation.value)
    case 'size':
      return setWord(bytes, mutation.at, (bytes.length + mutation.delta) >>> 0)
    case 'field':
      return setField(bytes, mutation)
    case 'digits':
      return setDigits(bytes, mutation)
    case 'cut':
      return bytes.subarray(0, placeOf(mutation.at))
    case 'remove':
    case 'repeat': {
      const from = placeOf(mutation.at)
      const upTo = from + mutation.length
      const kept = mutation.kind === 'remove' ? bytes.subarray(0, from) : bytes.subarray(0, upTo)
      return Buffer.concat([kept, bytes.subarray(mutation.kind === 'remove' ? upTo : from)])
    }
    case 'splice': {
      const other = pick(corpus, mutation.other).bytes
      return Buffer.concat([
        bytes.subarray(0, placeOf(mutation.at)),
        other.subarray(mutation.from % other.length),
      ])
    }
  }
}

function setWord(bytes: Buffer<ArrayBuffer>, at: number, value: number): Buffer<ArrayBuffer> {
  const words = Math.floor(bytes.length / 4)
  if (words > 0) bytes.writeUInt32BE(value, 4 * (at % words))
  return bytes
}

const cpioHeaderSize = 110

function setField(
  bytes: Buffer<ArrayBuffer>,
  { header, field, value }: Extract<Mutation, { kind: 'field' }>,
): Buffer<ArrayBuffer> {
  const headers = placesOf(bytes, '07070').filter((at) => at + cpioHeaderSize <= bytes.length)
  if (headers.length > 0) {
    bytes.write(value.toString(16).padStart(8, '0'), pick(headers, header) + 6 + 8 * field, 'latin1')
  }
  return bytes
}

function placesOf(bytes: Buffer, text: string): number[] {
  const places: number[] = []
  for (let at = bytes.indexOf(text); at !== -1; at = bytes.indexOf(text, at + 1)) places.push(at)
  return places
}

function setDigits(
  bytes: Buffer<ArrayBuffer>,
  { run, text }: Extract<Mutation, { kind: 'digits' }>,
): Buffer<ArrayBuffer> {
  const runs = [...bytes.toString('latin1').matchAll(/\d+/g)]
  if (runs.length === 0) return bytes
  const { index, 0: old } = pick(runs, run)
  return Buffer.concat([bytes.subarray(0, index), Buffer.from(text), bytes.subarray(index + old.length)])
}
