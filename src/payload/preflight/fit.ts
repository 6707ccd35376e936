import { HilError } from '../../core/errors.ts'
import type { FitWarning } from '../../codecs/fit/index.ts'
import { error, warning, type Finding } from '../finding.ts'
import type { Preflight } from './preflight.ts'

/** With these the bootloader stops, or boots with another board's device tree. */
const fatal: readonly FitWarning['code'][] = [
  'no-match',
  'default-only',
  'missing-image',
  'external-data',
  'no-description',
]

const remedies: Readonly<Record<FitWarning['code'], string>> = {
  'no-match': 'build the FIT with this board\'s device tree, or correct "compatible" in the environment',
  'default-only': "build the FIT with this board's device tree, without a default configuration",
  ambiguous: 'leave only one configuration for the board in the FIT',
  'compressed-tree': 'give the configuration a compatible of its own, or leave its device tree uncompressed',
  'later-string': "add the board's first compatible to the configuration",
  'missing-image': 'build the FIT again',
  'external-data': 'build the FIT without external data (mkimage without -E), or with hil fit build',
  'overlays-ignored': 'apply the overlays when the FIT is built, or give them as overrides',
  'loadables-ignored': 'give what is in them in another way',
  'ramdisk-compression': 'declare the ramdisk as not compressed: the kernel unpacks it',
  'no-description': 'build the FIT again with a description',
  'no-timestamp': 'build the FIT again with a timestamp',
}

export function* checkFit({ contents: { image }, board }: Preflight): Generator<Finding> {
  if (image?.fit === undefined) return
  const { match, verification } = image.fit
  if (board.bootloader === undefined) {
    yield error(
      'fit.no-bootloader',
      image.name,
      `${board.name} has no bootloader that could take a FIT apart`,
      'give kernel, device tree and initrd as files (--format files)',
    )
  }
  for (const { code, message } of match?.warnings ?? []) {
    const make = fatal.includes(code) ? error : warning
    yield make(`fit.${code}`, image.name, message, remedies[code])
  }
  if (verification instanceof HilError) {
    yield error(verification.code, image.name, verification.message, 'build or copy the FIT again')
    return
  }
  for (const { image: part, hash, algorithm, result } of verification.checks) {
    if (result === 'bad') {
      yield error(
        'fit.hash',
        image.name,
        `the ${algorithm} of ${part} is wrong (${hash}): its data were changed`,
        'build or copy the FIT again',
      )
    }
  }
}
