import { listSome } from '../../core/list-some.ts'
import type { RandomAccess } from '../random-access.ts'
import type { FitSource } from './create.ts'
import { fitError } from './errors.ts'
import type { Fit, FitConfiguration, FitImage } from './fit.ts'
import { isHashAlgorithm } from './hash.ts'
import { imageOf, storedData } from './image-data.ts'

/**
 * A FIT with only some configurations of another one and what these need, for `createFit`: the
 * bootloader fetches the whole file. External data come into the tree; signatures, which would not
 * hold for it, and the default configuration do not.
 */
export function trimFit(source: RandomAccess, fit: Fit, configurations: Iterable<string>): FitSource {
  const kept = Array.from(configurations, (name) => configurationOf(fit, name))
  const needed = new Set(kept.flatMap(imagesOf))
  const images = [...fit.images.values()].filter(({ name }) => needed.has(name))
  for (const name of needed) imageOf(fit, name)
  return {
    description: fit.description ?? '',
    timestamp: fit.timestamp ?? 0,
    images: images.map((image) => toSource(source, image)),
    configurations: kept,
  }
}

/** All images that a configuration names. */
export function imagesOf({ kernel, firmware, fdt, ramdisk, loadables }: FitConfiguration): string[] {
  return [kernel, firmware, ...fdt, ...ramdisk, ...loadables].filter((name) => name !== undefined)
}

/** The configuration of that name. Throws `fit.invalid`. */
export function configurationOf(
  { configurations }: Pick<Fit, 'configurations'>,
  name: string,
): FitConfiguration {
  const configuration = configurations.get(name)
  if (configuration !== undefined) return configuration
  throw fitError(
    'invalid',
    `the FIT has no configuration ${JSON.stringify(name)}; it has ${listSome([...configurations.keys()], 10)}`,
    { name },
  )
}

function toSource(source: RandomAccess, image: FitImage): FitSource['images'][number] {
  const { hashes, type = '', ...rest } = image
  return {
    ...rest,
    type,
    data: storedData(source, image),
    hashes: hashes.map(({ algorithm }) => algorithm).filter(isHashAlgorithm),
  }
}
