import { didYouMean } from '../../core/did-you-mean.ts'
import { quote } from '../source/node.ts'

/** The sentence about a key that does not exist: the one that was meant, or all there are. */
export function unknownKey(written: string, known: readonly string[]): string {
  return `unknown key ${quote(written)}${didYouMean(written, known) || `; known here: ${known.join(', ')}`}`
}
