import { fdtError } from './errors.ts'
import type { MemoryReservation } from './tree.ts'

export const reservationSize = 16

/** How many reservations are looked at; trees have a handful. */
export const maximumReservations = 1024

/** The reservations up to the entry of zeros. @param offset where `bytes` begin in the file */
export function readReservations(bytes: Uint8Array, offset: number): MemoryReservation[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  const reservations: MemoryReservation[] = []
  for (let at = 0; at + reservationSize <= bytes.length; at += reservationSize) {
    const [address, size] = [view.getBigUint64(at), view.getBigUint64(at + 8)]
    if (address === 0n && size === 0n) return reservations
    if (reservations.length >= maximumReservations) break
    reservations.push({ address, size })
  }
  throw fdtError('reserve-map', offset, 'is damaged: its memory reserve map has no end')
}
