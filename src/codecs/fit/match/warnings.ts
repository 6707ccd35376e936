import type { Fit, FitConfiguration, FitImage } from '../fit.ts'
import { imagesOf } from '../trim.ts'
import type { FitBootloader, FitMatch } from './match.ts'
import type { Candidate } from './rule.ts'

export interface FitWarning {
  readonly code:
    | 'no-match'
    | 'default-only'
    | 'ambiguous'
    | 'compressed-tree'
    | 'later-string'
    | 'missing-image'
    | 'external-data'
    | 'overlays-ignored'
    | 'loadables-ignored'
    | 'ramdisk-compression'
    | 'no-description'
    | 'no-timestamp'
  readonly message: string
}

export interface Matching {
  readonly fit: Fit
  readonly board: readonly string[]
  readonly bootloader: FitBootloader
  readonly candidates: readonly Candidate[]
  readonly chosen: FitConfiguration | undefined
  readonly match: Omit<FitMatch, 'warnings'>
}

/** What a person should know before this FIT is sent to this board. */
export function warn(matching: Matching): FitWarning[] {
  return [
    ...warnOfChoice(matching),
    ...warnOfSkipped(matching),
    ...warnOfUse(matching),
    ...warnOfFile(matching),
  ]
}

function* warnOfChoice({ board, bootloader, candidates, chosen, match }: Matching): Generator<FitWarning> {
  const own = bootloader === 'barebox' ? board.slice(0, 1) : board
  const wanted = own.map((each) => JSON.stringify(each)).join(', ')
  if (match.how === 'none') {
    yield { code: 'no-match', message: `no configuration is for ${wanted}: ${giveUp[bootloader]}` }
  }
  if (match.how === 'default') {
    const name = chosen?.name ?? ''
    yield {
      code: 'default-only',
      message: `no configuration is for ${wanted}; ${takeDefault[bootloader](name)}`,
    }
  }
  if (match.equals.length > 1) {
    const [first, ...others] = match.equals
    yield {
      code: 'ambiguous',
      message: `${others.join(', ')} fit the board as well as ${first}, which is taken because it comes first`,
    }
  }
  const later =
    bootloader === 'barebox' && match.how !== 'compatible' ? laterMatch(candidates, board) : undefined
  if (later !== undefined) {
    const [text, name] = later
    yield {
      code: 'later-string',
      message: `${name} is for "${text}", but barebox compares only the first string of its compatible, "${board[0]}"`,
    }
  }
}

const giveUp: Readonly<Record<FitBootloader, string>> = {
  barebox: 'barebox stops with "Couldn\'t get a valid configuration"',
  uboot: 'U-Boot stops with "Could not find configuration node"',
}
const takeDefault: Readonly<Record<FitBootloader, (name: string) => string>> = {
  barebox: (name) => `barebox takes the default, ${name}, with a device tree that may be another board's`,
  uboot: (name) =>
    `U-Boot takes the default, ${name}, when it is built without CONFIG_FIT_BEST_MATCH, and stops otherwise`,
}

function laterMatch(
  candidates: readonly Candidate[],
  board: readonly string[],
): [string, string] | undefined {
  for (const text of board.slice(1)) {
    const found = candidates.find(({ compatible }) => compatible?.includes(text))
    if (found !== undefined) return [text, found.configuration.name]
  }
  return undefined
}

function* warnOfSkipped({ candidates, fit, bootloader }: Matching): Generator<FitWarning> {
  for (const { configuration, compatible } of candidates) {
    const tree = fit.images.get(configuration.fdt[0] ?? '')
    if (compatible !== undefined || tree === undefined || tree.compression === 'none') continue
    const loader = bootloader === 'barebox' ? 'barebox' : 'U-Boot'
    yield {
      code: 'compressed-tree',
      message: `${configuration.name} is never found by ${loader}: it has no compatible, and its device tree ${tree.name} is compressed`,
    }
  }
}

function* warnOfUse({ fit, bootloader, chosen }: Matching): Generator<FitWarning> {
  if (chosen === undefined) return
  const images = imagesOf(chosen).map((name): [string, FitImage | undefined] => [name, fit.images.get(name)])
  for (const [name, image] of images) {
    if (image === undefined) {
      yield {
        code: 'missing-image',
        message: `${chosen.name} names the image ${name}, which the FIT does not have`,
      }
    }
    if (image?.type === 'ramdisk' && image.compression !== 'none') {
      const effect =
        bootloader === 'uboot'
          ? 'U-Boot unpacks it before the kernel gets it'
          : 'barebox ignores that with a warning'
      yield {
        code: 'ramdisk-compression',
        message: `the ramdisk ${name} is declared as ${image.compression}: ${effect}; declare it as none`,
      }
    }
  }
  if (bootloader !== 'barebox') return
  if (images.some(([, image]) => image?.data?.external === true)) {
    yield {
      code: 'external-data',
      message: `${chosen.name} has data outside of the tree (mkimage -E): barebox stops with "data not found"`,
    }
  }
  if (chosen.fdt.length > 1) {
    yield {
      code: 'overlays-ignored',
      message: `barebox takes only the first device tree of ${chosen.name}, ${chosen.fdt[0]}, without ${chosen.fdt.slice(1).join(', ')}`,
    }
  }
  if (chosen.loadables.length > 0) {
    yield {
      code: 'loadables-ignored',
      message: `barebox does not load the loadables of ${chosen.name}: ${chosen.loadables.join(', ')}`,
    }
  }
}

function* warnOfFile({ fit, bootloader }: Matching): Generator<FitWarning> {
  if (bootloader !== 'uboot') return
  if (fit.description === undefined)
    yield { code: 'no-description', message: 'U-Boot refuses a FIT without a description' }
  if (fit.timestamp === undefined) {
    yield { code: 'no-timestamp', message: 'U-Boot with CONFIG_TIMESTAMP refuses a FIT without a timestamp' }
  }
}
