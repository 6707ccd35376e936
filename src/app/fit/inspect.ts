import { resolve } from 'node:path'
import { openPayloadFile } from '../../build/files.ts'
import { openFit, type Fit, type FitConfiguration, type FitImage } from '../../codecs/fit/index.ts'
import { formatSize } from '../format-size.ts'

/** `hil fit inspect`: what a FIT holds; only its structure is read. @returns the exit code */
export async function inspectFitCommand(files: readonly string[], cwd = process.cwd()): Promise<number> {
  for (const file of files) {
    await using source = await openPayloadFile(resolve(cwd, file))
    process.stdout.write(describeFit(file, source.size, await openFit(source)))
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
    protection.join(' ') || 'no hash',
    description ?? '',
  ]
}

function configurationRow({ name, compatible, kernel, firmware, fdt, ramdisk, loadables }: FitConfiguration) {
  const parts = [kernel ?? firmware, ...fdt, ...ramdisk, ...loadables].filter((part) => part !== undefined)
  return [name, parts.join(' + '), compatible.join(', ')]
}

/** Columns as wide as they have to be. */
function table(rows: readonly (readonly string[])[]): string[] {
  const widths = rows.reduce<number[]>(
    (widest, row) => row.map((cell, column) => Math.max(widest[column] ?? 0, cell.length)),
    [],
  )
  return rows.map((row) =>
    `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')}`.trimEnd(),
  )
}
