import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { debianArm64, debianArm64Cloud } from '../../../scripts/setup/places.mjs'
import type { RunEvent } from '../../../src/core/events.ts'
import { readKernelLog } from '../../../src/kernel/read-kernel-log.ts'
import { writeFiles } from '../../support/environment-files.ts'
import { describeWith } from '../../support/requirements.ts'
import { runHil } from '../../support/run-hil.ts'

/** How often each kernel is booted: `npm run clean-boots` says more. */
const boots = Number(process.env['HIL_CLEAN_BOOTS'] ?? 1)

/** Kernels beside those of set-up, joined by colons. */
const more = (process.env['HIL_CLEAN_KERNELS'] ?? '').split(':').filter((path) => path !== '')

/** What may make a kernel talk more, or say everything twice. */
const bootargs = ['', 'debug', 'initcall_debug', 'earlycon keep_bootcon', 'loglevel=6']

const spec = `
  import { useBoard } from 'hil'
  const board = useBoard({ state: 'shell' })
  it('boots, and shows its log again', () => board.shell.runOk('dmesg', { timeout: '1 min' }))
  afterEach(() => board.goto('off'))
`

function boardWith(kernel: string, index: number, modules?: string): string {
  return `  kernel-${index}:
    architecture: arm64
    compatible: linux,dummy-virt
    machine: { driver: qemu, kernel: /dev/null, arguments: ['-smp', '${1 + (index % 4)}'] }
    boot:
      bootargs: ${JSON.stringify(`console=ttyAMA0 ${bootargs[index % bootargs.length]}`)}
      payload:
        kernel: ${kernel}
        initrd: { busybox: ${debianArm64().busybox} }
${modules === undefined ? '' : `        modules-from: ${modules}\n        modules: board\n`}`
}

function kernelsWithModules(): readonly { readonly kernel: string; readonly modules?: string }[] {
  return [debianArm64(), debianArm64Cloud(), ...more.map((kernel) => ({ kernel }))]
}

describeWith(['qemu', 'cloud-kernel'], 'clean boots', function () {
  const kernels = kernelsWithModules()
  this.timeout(kernels.length * (60_000 + boots * 60_000))

  for (const [index, { kernel, modules }] of kernels.entries()) {
    it(`of ${basename(kernel)} (${index}) make the reader complain about nothing, ${boots} of them`, async () => {
      await using files = await writeFiles({
        'env.yaml': `boards:\n${boardWith(kernel, index, modules)}`,
        'boots.spec.ts': spec,
      })
      const words = ['run', 'boots.spec.ts', '--env', 'env.yaml', '--repeat-each', String(boots)]
      const { exitCode, stdout, stderr } = await runHil(words, { cwd: files.directory })
      assert.equal(exitCode, 0, stdout + stderr)

      const events = (await readFile(files.path('reports/latest/events.jsonl'), 'utf8'))
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as RunEvent)
      const findings = events.filter((event) => event.type === 'kernel-finding')
      assert.deepEqual(
        findings.filter(({ level }) => level !== 'info'),
        [],
      )

      // The same bytes, where nobody says when power was switched.
      const raw = await readFile(files.path('reports/latest/console.raw'))
      const log = readKernelLog(raw, { knowsPower: false })
      assert.equal(log.stages.filter(({ name }) => name === 'kernel').length, boots)
      assert.deepEqual(
        log.findings.filter(({ level }) => level !== 'info'),
        [],
      )
    })
  }
})
