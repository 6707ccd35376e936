import assert from 'node:assert/strict'
import { bareboxImage, debianArm64 } from '../../../scripts/setup/places.mjs'
import { describeWith, itWith } from '../../support/requirements.ts'
import { makeBench } from '../../support/simulated-bench.ts'

const { kernel, busybox } = debianArm64()

/** Two targets: one that stops at the prompt of its bootloader, and one whose kernel QEMU starts. */
const labgrid = `targets:
  uboot:
    drivers:
      QEMUDriver: { qemu_bin: qemu, machine: virt, cpu: cortex-a57, memory: 512M, bios: u-boot }
      UBootDriver: { prompt: '=> ', init_commands: [setenv made_by labgrid] }
      ShellDriver: { prompt: '# ', login_prompt: ' login: ', username: root }
      UBootStrategy: {}
  linux:
    drivers:
    - QEMUDriver: { qemu_bin: qemu, machine: virt, cpu: cortex-a57, memory: 1024M, kernel: image, boot_args: console=ttyAMA0 }
    - ShellDriver: { prompt: '[#$] ', login_prompt: ' login: ', username: root }
    - ShellStrategy: {}
tools: { qemu: qemu-system-aarch64 }
images:
  u-boot: !template '$LG_UBOOT/u-boot.bin'
  image: !template '$LG_IMAGE'
`

const barebox = `targets:
  main:
    drivers:
      QEMUDriver:
        qemu_bin: qemu-system-aarch64
        machine: virt,highmem=off
        cpu: cortex-a57
        memory: 1024M
        bios: barebox.img
        display: qemu-default
      BareboxDriver: { prompt: 'barebox@[^:]+:[^ ]+ ', bootstring: 'commandline:' }
      ProjectStrategy: {}
    features: [network]
images: { barebox.img: !template '$LG_BAREBOX' }
imports: [strategy.py]
`

/** @param tests by board and state that they are in */
function spec(...tests: readonly (readonly [board: string, state: string, body: string])[]): string {
  const suites = tests.map(
    ([board, state, body]) => `describe('${board}', () => {
  const board = useBoard({ board: '${board}', state: '${state}' })
  it('answers', async () => { ${body} })
})`,
  )
  return ["import assert from 'node:assert/strict'", "import { useBoard } from 'hil'", ...suites].join('\n')
}

describeWith(['qemu'], 'hil run with an environment of labgrid', function () {
  this.timeout(180_000)

  it('reaches the prompt of U-Boot on one target, and the shell of a payload on the other', async () => {
    const tests = spec(
      [
        'uboot',
        'bootloader',
        "assert.match((await board.bootloader.run('printenv made_by')).stdout, /labgrid/)",
      ],
      ['linux', 'shell', "assert.match((await board.shell.run('uname -m')).stdout, /aarch64/)"],
    )
    await using bench = await makeBench({ 'labgrid.yaml': labgrid, 'a.spec.ts': tests })
    const { exitCode, stdout, stderr } = await bench.hil(
      ['run', 'a.spec.ts', '--env', 'labgrid.yaml', '--kernel', kernel, '--busybox', busybox],
      { LG_UBOOT: '/usr/lib/u-boot/qemu_arm64', LG_IMAGE: kernel },
    )
    assert.equal(exitCode, 0, stdout + stderr)
    assert.match(stdout, /linux: boot proven to userspace/)
    assert.match(stdout, /\n2 passed/)
  })

  itWith(['barebox'], 'reaches the prompt of barebox as its own tests describe it', async () => {
    const tests = spec([
      'main',
      'bootloader',
      "assert.match((await board.bootloader.run('version')).stdout, /barebox/)",
    ])
    await using bench = await makeBench({ 'labgrid.yaml': barebox, 'a.spec.ts': tests })
    const variables = { LG_BAREBOX: bareboxImage() }
    const check = await bench.hil(['env', 'check', 'labgrid.yaml'], variables)
    assert.match(
      check.stdout,
      /^labgrid\.yaml: ok, 1 board\n {2}labgrid\.yaml:12:7: ProjectStrategy is Python/,
    )
    const { exitCode, stdout, stderr } = await bench.hil(
      ['run', 'a.spec.ts', '--env', 'labgrid.yaml'],
      variables,
    )
    assert.equal(exitCode, 0, stdout + stderr)
  })
})
