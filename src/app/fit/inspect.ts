import { storedData, type Fit, type FitConfiguration, type FitImage } from '../../codecs/fit/index.ts'
import { formatSize } from '../format-size.ts'
import { withFit } from './with-fit.ts'

/**
 * `hil fit inspect`: what a FIT holds; only its structure is read. Of one that is cut off within data behind its
 * tree all is shown before `fit.truncated` is thrown.
 *
 * @returns the exit code
 */
export async function inspectFitCommand(files: readonly string[], cwd = process.cwd()): Promise<number> {
  for (const file of files) {
    await withFit(file, cwd, (source, fit) => {
      process.stdout.write(describeFit(file, source.size, fit))
      for (const image of fit.images.values()) if (image.data !== undefined) storedData(source, image)
      return Promise.resolve()
    })
  }
  return 0
}

function describeFit(file: string, size: number, fit: Fit): string {
  const { description, timestamp, images, configurations, defaultConfiguration } = fit
  const made = timestamp === undefined ? '' : `, ${new Date(timestamp * 1000).toISOString().slice(0, 19)}Z`
  return [
    `${file}: ${description ?? 'a FIT without description'}, ${formatSize(size)}${made}`,
    `images (${images.size}):`,
    ...table([...images.values()].map(imageRow)),
    `configurations (${configurations.size}, default: ${defaultConfiguration ?? 'none'}):`,
    ...table([...configurations.values()].map(configurationRow)),
    '',
  ].join('\n')
}

function imageRow({
  name,
  type,
  architecture,
  compression,
  data,
  load,
  entry,
  hashes,
  signatures,
  description,
}: FitImage) {
  const protection = [...hashes.map(({ algorithm }) => algorithm), ...signatures]
  return [
    name,
    type ?? '?',
    architecture ?? '',
    compression,
    data === undefined ? 'no data' : formatSize(data.size) + (data.external ? ' external' : ''),
    type === 'kernel_noload' ? '' : placeOf(load, entry),
    protection.join(' ') || 'no hash',
    description ?? '',
  ]
}

/** Where the bootloader puts it. */
function placeOf(load: bigint | undefined, entry: bigint | undefined): string {
  const hex = (address: bigint) => `0x${address.toString(16).padStart(8, '0')}`
  const start = entry === undefined || entry === load ? '' : ` entry ${hex(entry)}`
  return load === undefined ? start.trim() : `at ${hex(load)}${start}`
}

function configurationRow(configuration: FitConfiguration) {
  const { name, description, compatible, kernel, firmware, fdt, ramdisk, loadables } = configuration
  const parts = [kernel ?? firmware, ...fdt, ...ramdisk, ...loadables].filter((part) => part !== undefined)
  return [name, parts.join(' + '), description ?? '', compatible.join(', ')]
}

/** A cell beyond this pushes aside what follows it in its own row only. */
const widestColumn = 48

/** Columns as wide as they have to be. */
function table(rows: readonly (readonly string[])[]): string[] {
  const widths = rows.reduce<number[]>(
    (widest, row) =>
      row.map((cell, column) => Math.max(widest[column] ?? 0, Math.min(cell.length, widestColumn))),
    [],
  )
  return rows.map((row) =>
    `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')}`.trimEnd(),
  )
}
