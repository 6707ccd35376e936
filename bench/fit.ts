import { existsSync } from 'node:fs'
import { mkdtemp, open, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'
import { debianArm64, cacheDirectory } from '../scripts/setup/places.mjs'
import { listFiles } from '../src/build/sources/list-files.ts'
import type { ByteSource } from '../src/codecs/byte-source.ts'
import { createFit } from '../src/codecs/fit/index.ts'
import { requirement } from '../tests/support/requirements.ts'
import { interleave, median, type Bench, type BenchRow } from './bench.ts'
import { measureCli, type MeasuredRun } from './measured-cli.ts'

const rounds = 3
const mebibyte = 1 << 20

/** FITs of a whole kernel package: building against what kernel developers use today, and looking into large ones. */
export const fit: Bench = {
  name: 'fit',
  unavailable: () => {
    const lack = ['qemu', 'mkimage', 'gzip'].map(requirement).find(({ available }) => !available)
    return Promise.resolve(lack?.reason)
  },
  async run() {
    const directory = await mkdtemp(join(tmpdir(), 'hil-bench-'))
    try {
      return [...(await build(directory)), ...(await inspect(directory))]
    } finally {
      await rm(directory, { recursive: true })
    }
  },
}

async function build(directory: string): Promise<readonly BenchRow[]> {
  const { kernel, dtbs } = debianArm64()
  const trees = await listFiles(dtbs, '.dtb')
  const runs: MeasuredRun[] = []
  const makeFit = await findMakeFit()
  const times = await interleave(rounds, {
    hil: async () => {
      runs.push(await measureCli(['fit', 'build', '-k', kernel, '-o', join(directory, 'hil.fit'), dtbs]))
    },
    inTurn: () => gzipAndMkimage(directory, kernel, trees, 'one at a time'),
    atOnce: () => gzipAndMkimage(directory, kernel, trees, 'on all processors'),
    ...('path' in makeFit ? { makeFit: () => runMakeFit(makeFit, directory, kernel, trees) } : {}),
  })
  const seconds = (name: string) => median(times[name] ?? []) / 1000
  const what = `fit build of Debian's arm64 kernel and ${trees.length} device trees`
  const row = (name: string, peer: string, target: string, most: number): BenchRow => ({
    what,
    measured: `${seconds('hil').toFixed(1)} s`,
    peer: `${peer} ${seconds(name).toFixed(1)} s`,
    ratio: seconds('hil') / seconds(name),
    target,
    met: seconds('hil') / seconds(name) <= most,
  })
  const peak = Math.max(...runs.map(({ peakMemory }) => peakMemory)) / mebibyte
  if ('lack' in makeFit) console.log(`fit: make_fit.py left out, ${makeFit.lack}`)
  return [
    ...('path' in makeFit ? [row('makeFit', 'make_fit.py', 'faster', 0.999)] : []),
    row('inTurn', 'gzip for each file, then mkimage', 'at most half', 0.5),
    row('atOnce', 'gzip on all processors, then mkimage', 'faster', 0.999),
    {
      what: `${what}: peak memory`,
      measured: `${peak.toFixed(0)} MB`,
      target: 'below 150 MB',
      met: peak < 150,
    },
  ]
}

interface MakeFit {
  readonly python: string
  readonly path: string
}

/**
 * The kernel's `scripts/make_fit.py`: of the source tree that `HIL_LINUX_SOURCE` names, or of `linux-source` in
 * hil's cache. It needs Python's libfdt (Debian: python3-libfdt). Or why it can't be had.
 */
async function findMakeFit(): Promise<MakeFit | { readonly lack: string }> {
  const tree = process.env['HIL_LINUX_SOURCE'] ?? join(cacheDirectory(), 'linux-source')
  const path = join(tree, 'scripts', 'make_fit.py')
  if (!existsSync(path))
    return { lack: `${path} is not there (HIL_LINUX_SOURCE names a kernel's source tree)` }
  // A Python of pyenv or the like comes first in many a PATH, and has none of Debian's packages.
  for (const python of ['python3', '/usr/bin/python3']) {
    const { exitCode } = await execa(python, ['-c', 'import libfdt'], { reject: false })
    if (exitCode === 0) return { python, path }
  }
  return { lack: 'Python has no libfdt (package python3-libfdt)' }
}

async function runMakeFit(
  { python, path }: MakeFit,
  directory: string,
  kernel: string,
  trees: readonly string[],
) {
  const list = join(directory, 'trees')
  await writeFile(list, trees.join('\n'))
  const described = ['-A', 'arm64', '-n', 'Linux', '-O', 'linux', '-c', 'gzip', '-k', kernel]
  await execa(python, [path, ...described, '-o', join(directory, 'make-fit.fit'), `@${list}`])
}

/** What one writes without a tool for it: a loop around gzip, or `xargs -P` for one that is in a hurry. */
async function gzipAndMkimage(
  directory: string,
  kernel: string,
  trees: readonly string[],
  gzip: 'one at a time' | 'on all processors',
) {
  const image = (index: number) => join(directory, `${index}.gz`)
  const jobs = [kernel, ...trees].map((file, index) => `${file} ${image(index)}`).join('\n')
  const script = {
    'one at a time': 'while read -r file image; do gzip -6nc "$file" > "$image"; done',
    'on all processors': 'xargs -P "$(nproc)" -n 2 sh -c \'gzip -6nc "$0" > "$1"\'',
  }
  await execa('sh', ['-c', script[gzip]], { input: `${jobs}\n` })
  const node = (name: string, type: string, index: number) =>
    `${name} { description = "x"; type = "${type}"; arch = "arm64"; os = "linux"; compression = "gzip"; ` +
    `load = <0>; entry = <0>; data = /incbin/("${image(index)}"); };`
  const names = trees.map((_, index) => index + 1)
  const its = `/dts-v1/; / { description = "x"; #address-cells = <1>; images {
    ${node('kernel', 'kernel_noload', 0)} ${names.map((n) => node(`fdt-${n}`, 'flat_dt', n)).join('\n')} };
    configurations { ${names.map((n) => `conf-${n} { kernel = "kernel"; fdt = "fdt-${n}"; };`).join('\n')} }; };`
  await writeFile(join(directory, 'fit.its'), its)
  await execa('mkimage', ['-f', 'fit.its', 'mkimage.fit'], { cwd: directory })
}

async function inspect(directory: string): Promise<readonly BenchRow[]> {
  const sizes = { small: 4, large: 450 }
  const paths = { small: join(directory, 'small.fit'), large: join(directory, 'large.fit') }
  for (const size of ['small', 'large'] as const) await writeLargeFit(paths[size], sizes[size] * mebibyte)
  const runs: Record<'small' | 'large', MeasuredRun[]> = { small: [], large: [] }
  for (let round = 0; round < 11; round++) {
    for (const size of ['small', 'large'] as const)
      runs[size].push(await measureCli(['fit', 'inspect', paths[size]]))
  }
  const medians = (key: keyof MeasuredRun) =>
    [median(runs.large.map((run) => run[key])), median(runs.small.map((run) => run[key]))] as const
  const [largeMs, smallMs] = medians('ms')
  const [largeMemory, smallMemory] = medians('peakMemory')
  return [
    {
      what: 'fit inspect of 450 MB',
      measured: `${largeMs.toFixed(0)} ms`,
      peer: `of 4 MB ${smallMs.toFixed(0)} ms`,
      ratio: largeMs / smallMs,
      target: 'the same: at most 1.2 times',
      met: largeMs / smallMs <= 1.2,
    },
    {
      what: 'fit inspect of 450 MB: peak memory',
      measured: `${(largeMemory / mebibyte).toFixed(0)} MB`,
      peer: `of 4 MB ${(smallMemory / mebibyte).toFixed(0)} MB`,
      ratio: largeMemory / smallMemory,
      target: 'the same: at most 1.1 times',
      met: largeMemory / smallMemory <= 1.1,
    },
  ]
}

/** A FIT whose images are zeros, as a file with holes. */
async function writeLargeFit(path: string, size: number): Promise<void> {
  const count = 100
  const fit = await createFit({
    description: 'large',
    timestamp: 0,
    images: Array.from({ length: count }, (_, index) => ({
      name: `image-${index}`,
      type: 'kernel',
      data: zeros(Math.floor(size / count)),
    })),
    configurations: [],
  })
  await using file = await open(path, 'w')
  let position = 0
  for await (const chunk of fit.open()) {
    if (chunk !== hole) await file.write(chunk, 0, chunk.length, position)
    position += chunk.length
  }
  await file.truncate(position)
}

const hole = new Uint8Array(mebibyte)

function zeros(size: number): ByteSource {
  return {
    size,
    // eslint-disable-next-line @typescript-eslint/require-await -- the interface is asynchronous, holes are not
    open: async function* () {
      for (let left = size; left > 0; left -= hole.length)
        yield left >= hole.length ? hole : hole.subarray(0, left)
    },
  }
}
