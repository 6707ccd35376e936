import { collect } from '../../../../src/codecs/byte-source.ts'
import { fromText, fromTexts, packFdt } from '../../../../src/codecs/fdt/index.ts'
import {
  createFit,
  type FitConfigurationSource,
  type FitImageSource,
  type FitSource,
} from '../../../../src/codecs/fit/index.ts'
import { randomAccess, type RandomAccess } from '../../../../src/codecs/random-access.ts'

/** A device tree with just a root. */
export function deviceTree(model: string, ...compatible: string[]): Uint8Array {
  const properties = new Map([
    ['model', fromText(model)],
    ['compatible', fromTexts(compatible)],
  ])
  return packFdt({ root: { name: '', properties, children: new Map() } })
}

export const kernel: FitImageSource = {
  name: 'kernel',
  description: 'a kernel',
  type: 'kernel_noload',
  architecture: 'arm64',
  os: 'linux',
  data: 'the kernel',
}

export function tree(name: string, data: Uint8Array, compression = 'none'): FitImageSource {
  return { name, description: name, type: 'flat_dt', architecture: 'arm64', compression, data }
}

export function configuration(name: string, fdt: string, ...compatible: string[]): FitConfigurationSource {
  return { name, description: name, kernel: 'kernel', fdt: [fdt], compatible }
}

export async function pack(source: Partial<FitSource>): Promise<Buffer> {
  const fit = await createFit({
    description: 'test',
    timestamp: 1,
    images: [],
    configurations: [],
    ...source,
  })
  return Buffer.from(await collect(fit.open(), 1e9))
}

export async function packed(source: Partial<FitSource>): Promise<RandomAccess> {
  return randomAccess(await pack(source))
}
