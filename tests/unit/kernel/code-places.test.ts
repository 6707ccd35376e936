import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { bareAddresses, codePlaces, kernelOffset } from '../../../src/kernel/symbols/code-places.ts'
import { readKernelLog } from '../../../src/kernel/read-kernel-log.ts'

const recording = new URL('../../fixtures/kernel-log/panic-sysrq.log', import.meta.url)

describe('codePlaces', () => {
  it('finds what a trace names, with its module', () => {
    assert.deepEqual(codePlaces([' foo.isra.0+0x1c/0x40 [mod]', 'no place', ' bar+0x2/0x8']), [
      {
        line: 0,
        text: 'foo.isra.0+0x1c/0x40 [mod]',
        ...{ symbol: 'foo.isra.0', offset: 0x1c, size: 0x40, module: 'mod', isReturn: true },
      },
      {
        line: 2,
        text: 'bar+0x2/0x8',
        ...{ symbol: 'bar', offset: 2, size: 8, module: undefined, isReturn: true },
      },
    ])
  })

  it('knows the instruction that was executed from the one that a call comes back to', () => {
    const lines = [
      'WARNING: CPU: 0 PID: 33 at kernel/foo.c:12 warned+0x1/0x2',
      'pc : here+0x1c/0x2c [mod]',
      'lr : caller+0x18/0x2c [mod]',
      'RIP: 0010:there+0x1/0x2',
      'Call trace:',
      ' here+0x1c/0x2c [mod]',
      ' caller+0x18/0x2c [mod]',
    ]
    assert.deepEqual(
      codePlaces(lines).map(({ symbol, isReturn }) => `${symbol} ${isReturn}`),
      ['warned true', 'here false', 'caller true', 'there false', 'here false', 'caller true'],
    )
  })

  it('finds the whole trace of a recorded panic', () => {
    const [panic] = readKernelLog(readFileSync(recording)).findings
    const symbols = codePlaces(panic?.lines ?? []).map(({ symbol }) => symbol)
    assert.ok(symbols.includes('__handle_sysrq'), symbols.join(' '))
    assert.ok(kernelOffset(panic?.lines ?? []) > 0n)
  })
})

describe('bareAddresses', () => {
  it('takes off what KASLR added', () => {
    const lines = [
      'Call trace:',
      ' 0xffff800012345678',
      ' [<ffff800012345700>]',
      'Kernel Offset: 0x10000000 from 0xffff800008000000',
    ]
    assert.deepEqual(
      bareAddresses(lines).map(({ line, address }) => [line, address.toString(16)]),
      [
        [1, 'ffff800002345678'],
        [2, 'ffff800002345700'],
      ],
    )
  })
})
