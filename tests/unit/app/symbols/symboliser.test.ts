import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'
import { Symboliser } from '../../../../src/app/symbols/symboliser.ts'
import { sourceFinder } from '../../../../src/app/symbols/run-sources.ts'
import { findProgram } from '../../../../src/core/find-program.ts'

const main = `
static __attribute__((noinline)) int run_dry(volatile int *pump)
{
	return *pump;
}
static inline int check(volatile int *pump)
{
	return run_dry(pump) + 1;
}
int start_kernel(volatile int *pump)
{
	return check(pump) + 2;
}
`
const module = `
int pump_init(volatile int *pump)
{
	*pump = 3;
	return 0;
}
`

describe('Source lines of a trace', () => {
  const { signal } = new AbortController()
  let tree = ''
  let sizes: ReadonlyMap<string, number> = new Map()

  before(async function () {
    const lacks = await missing(['cc', 'nm', 'addr2line'])
    if (lacks !== undefined) {
      this.test?.parent?.eachTest((test) => (test.title += ` (not here: there is no ${lacks})`))
      this.skip()
    }
    tree = mkdtempSync(join(tmpdir(), 'hil-symbols-'))
    const build = async (file: string, source: string, out: string, ...flags: string[]) => {
      mkdirSync(join(tree, file, '..'), { recursive: true })
      writeFileSync(join(tree, file), source)
      const { stdout } = await execa('cc', ['-g', '-O2', ...flags, '-o', join(tree, out), join(tree, file)])
      return stdout
    }
    await build('init/main.c', main, 'vmlinux', '-nostdlib', '-static', '-Wl,-e,start_kernel')
    await build('drivers/pump.c', module, 'drivers/my-pump.ko', '-c')
    await build('init/main.c', main, 'stripped', '-nostdlib', '-static', '-Wl,-e,start_kernel', '-s')
    writeFileSync(join(tree, 'modules.order'), '')
    const files = ['vmlinux', 'drivers/my-pump.ko'].map((file) => join(tree, file))
    const { stdout } = await execa('nm', ['-S', ...files])
    const symbols = [...stdout.matchAll(/^[0-9a-f]+ ([0-9a-f]+) [tT] (\w+)$/gm)]
    sizes = new Map(symbols.map(([, size = '', name = '']) => [name, Number.parseInt(size, 16)]))
  })

  after(() => {
    if (tree !== '') rmSync(tree, { recursive: true })
  })

  const place = (name: string, offset: number) =>
    `${name}+0x${offset.toString(16)}/0x${(sizes.get(name) ?? 0).toString(16)}`

  it('are found by function and offset, wherever the kernel was loaded, with what was compiled into what', async () => {
    const symboliser = await Symboliser.open(join(tree, 'vmlinux'), signal)
    const size = sizes.get('start_kernel') ?? 0
    const sources = await symboliser.sources(
      ['Call trace:', `pc : ${place('run_dry', 0)}`, ` ${place('start_kernel', size - 1)}`, ' gone+0x1/0x2'],
      signal,
    )
    assert.deepEqual(
      sources.map(({ line, calls }) => [line, calls.at(-1)?.function, calls.at(-1)?.file]),
      [
        [1, 'run_dry', 'init/main.c'],
        [2, 'start_kernel', 'init/main.c'],
      ],
    )
    assert.ok([3, 4].includes(sources[0]?.calls[0]?.line ?? 0))
  })

  it('are found in a module of the same tree, whatever stands for its dash', async () => {
    const symboliser = await Symboliser.open(join(tree, 'vmlinux'), signal)
    const [source] = await symboliser.sources([`pc : ${place('pump_init', 0)} [my_pump]`], signal)
    assert.equal(source?.calls[0]?.file, 'drivers/pump.c')
    assert.ok([3, 4].includes(source.calls[0]?.line ?? 0))
  })

  it('are not found for a module that is not there', async () => {
    const symboliser = await Symboliser.open(join(tree, 'vmlinux'), signal)
    assert.deepEqual(await symboliser.sources([' pump_init+0x1/0x2 [gone]'], signal), [])
  })

  it('are not told from the vmlinux of another kernel, which has the same names', async () => {
    const symboliser = await Symboliser.open(join(tree, 'vmlinux'), signal)
    await assert.rejects(symboliser.sources([' run_dry+0x1/0x200', ' start_kernel+0x1/0x300'], signal), {
      code: 'symbols.other-kernel',
    })
  })

  it('need debug information, in a file that is one', async () => {
    await assert.rejects(Symboliser.open(join(tree, 'stripped'), signal), { code: 'symbols.no-debug-info' })
    await assert.rejects(Symboliser.open(join(tree, 'init/main.c'), signal), { code: 'symbols.unreadable' })
    await assert.rejects(
      sourceFinder({ vmlinux: 'nowhere', tree: undefined }, tree),
      /--vmlinux nowhere: there is no such file/,
    )
  })
})

async function missing(programs: readonly string[]): Promise<string | undefined> {
  for (const program of programs) if ((await findProgram(program)) === undefined) return program
  return undefined
}
