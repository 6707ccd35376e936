import assert from 'node:assert/strict'
import { chmod } from 'node:fs/promises'
import { join } from 'node:path'
import { makeBench } from '../../support/simulated-bench.ts'

const board = (more: string) => `boards:
  board:
    architecture: arm64
    machine: { driver: simulator, barebox: { autoboot: abort } }
    bootloader: barebox
${more}`

/** As usbsdmux and uuu are used; what they were told is in a file. */
const tool = `#!/bin/sh
cd "$(dirname "$0")"
echo "$(basename "$0") $*" >> told
case "$*" in
-lsusb) printf '\\t1:42\\t MX8MP\\t SDPS:\\t 0x1FC9\\t0x0146\\t 0x0002\\n';;
*get) cat side 2>/dev/null || echo host;;
*dut|*host) echo "$2" > side;;
esac
`

describe('A board whose bootloader or medium comes from this machine', function () {
  this.timeout(60_000)

  const bench = async (more: string, spec: string) => {
    const made = await makeBench({
      'env/board.yaml': board(more),
      'board.spec.ts': spec,
      uuu: tool,
      usbsdmux: tool,
    })
    for (const name of ['uuu', 'usbsdmux']) await chmod(join(made.directory, name), 0o755)
    return made
  }

  it('gets its bootloader by USB, by a strategy of its own', async () => {
    await using made = await bench(
      `    strategy: usb-recovery
    recovery: { driver: uuu, program: ./uuu, load: { bootloader: flash.bin }, usb-path: 1-4.2 }
`,
      `
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { useBoard } from 'hil'
const board = useBoard({ state: 'bootloader' })
it('is at the prompt', async () => {
  await board.bootloader.runOk('version')
  assert.match(readFileSync('told', 'utf8'), /uuu -lsusb\\nuuu -m 1:42 .*env\\/flash.bin\\n/)
})
`,
    )
    const { exitCode, stdout, stderr } = await made.hil(['run', 'board.spec.ts', '--env', 'board'])
    assert.equal(exitCode, 0, `${stdout}${stderr}`)
    assert.match(stdout, /off → recovery/)
    assert.match(stdout, /recovery → bootloader/)
  })

  const muxed = `    storage: { driver: usbsdmux, program: ./usbsdmux, device: /dev/hil-mux, usb-path: 9-1, image: card.img, appear-within: 1s }
`

  it('has its card back before it gets power, and gives it up only while it has none', async () => {
    await using made = await bench(
      muxed,
      `
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { useBoard } from 'hil'
const board = useBoard({ state: 'bootloader' })
it('runs with its card', async () => {
  assert.equal(await board.storage.side(), 'board')
  assert.match(readFileSync('told', 'utf8'), /hil-mux get\\nusbsdmux \\/dev\\/hil-mux dut\\n/)
  await assert.rejects(board.storage.toHost(), { code: 'storage.board-runs', blame: 'test' })
  await board.goto('off')
  await assert.rejects(board.storage.write(), { code: 'storage.no-device', blame: 'infrastructure' })
  assert.equal(await board.storage.side(), 'host')
  await board.goto('bootloader')
  assert.equal(await board.storage.side(), 'board')
})
`,
    )
    const { exitCode, stdout, stderr } = await made.hil(['run', 'board.spec.ts', '--env', 'board'])
    assert.equal(exitCode, 0, `${stdout}${stderr}`)
  })

  it('says of a card that can not be written what is missing, before it is started', async () => {
    await using made = await bench(
      `    strategy: sd-mux\n${muxed}`,
      `
import { useBoard } from 'hil'
useBoard({ state: 'bootloader' })
it('boots what was written', () => undefined)
`,
    )
    const { exitCode, stdout } = await made.hil(['run', 'board.spec.ts', '--env', 'board'])
    assert.equal(exitCode, 3, stdout)
    assert.match(stdout, /no disk appeared at USB 9-1, LUN 0: .* plugged in/)
    assert.match(stdout, /off → written/)
  })
})
