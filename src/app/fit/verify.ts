import { verifyFit } from '../../codecs/fit/index.ts'
import { listSome } from '../../core/list-some.ts'
import { verdictOf, verdicts } from '../../core/verdicts.ts'
import { withFit } from './with-fit.ts'

/** `hil fit verify`: computes all hashes of all images. @returns the exit code */
export async function verifyFitCommand(files: readonly string[], cwd = process.cwd()): Promise<number> {
  let isGood = true
  for (const file of files) {
    const { checks, withoutHash, ok } = await withFit(file, cwd, verifyFit)
    for (const { image, hash, algorithm, result, expected, actual } of checks) {
      const detail = result === 'bad' ? `: it is ${actual ?? '?'}, not ${expected}` : ''
      process.stdout.write(`${file}: ${image} ${hash} ${algorithm} ${result.replace('-', ' ')}${detail}\n`)
    }
    if (withoutHash.length > 0) {
      process.stdout.write(`${file}: nothing protects ${listSome(withoutHash, 5)}\n`)
    }
    isGood &&= ok
  }
  return isGood ? 0 : verdicts[verdictOf('payload')].exit
}
