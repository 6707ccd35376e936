import { z } from 'zod'
import { seededRandom } from '../random.ts'
import { everyFault } from './every-fault.ts'
import { faultNames, type Fault } from './schema.ts'

export const drawSchema = z.strictObject({
  rate: z.number().min(0).max(1).describe('In which share of the runs something goes wrong, 0 to 1.'),
  seed: z
    .number()
    .int()
    .default(1)
    .describe('Seed of the draws: with the same one the nth run of a process on this board draws the same.'),
  among: z
    .array(z.enum(faultNames))
    .min(1)
    .default([...faultNames])
    .describe('Names of the faults that can strike; one of them does, at any of its points.'),
})

/** How often was drawn for each board in this process. */
const draws = new Map<string, number>()

/** Whether something goes wrong with a board in the run that begins, and what. */
export function drawFault(
  { rate, seed, among }: z.output<typeof drawSchema>,
  board: string,
): Fault | undefined {
  const run = (draws.get(board) ?? 0) + 1
  draws.set(board, run)
  const random = seededRandom(seedOf(`${seed} ${board} ${run}`))
  if (!random.chance(rate)) return undefined
  const candidates = everyFault().filter(({ name }) => among.includes(name))
  return candidates[random.below(candidates.length)]
}

/** FNV-1a: boards of one template have one seed, and not one fate. */
function seedOf(text: string): number {
  let hash = 0x811c9dc5
  for (const byte of Buffer.from(text)) hash = Math.imul(hash ^ byte, 0x01000193)
  return hash
}
