import assert from 'node:assert/strict'
import { readableName } from '../../../src/kernel/splats/rust-name.ts'

describe('the name of a Rust function', () => {
  for (const [symbol, name] of [
    ['_RNvCs1_4pump5drain', 'pump::drain'],
    ['_RNvNtCskBc_6kernel5print6format', 'kernel::print::format'],
    [
      '_RNvMs3_NtCshgDM7dBCdno_11rust_binder7processNtB5_7Process10update_ref',
      '<rust_binder::process::Process>::update_ref',
    ],
    [
      '_RNvXs1_CscPPBqWtAqum_11ashmem_rustNtB5_6AshmemNtNtCs43vyB533jt3_6kernel10miscdevice10MiscDevice4mmap',
      '<ashmem_rust::Ashmem as kernel::miscdevice::MiscDevice>::mmap',
    ],
    ['_RNCNvC4pump5drain0', 'pump::drain::{closure}'],
    ['_RNvXC4pumphNtB2_5Level3get', '<u8 as pump::Level>::get'],
  ] as const) {
    it(`is "${name}"`, () => assert.equal(readableName(symbol), name))
  }

  it('is what the kernel printed, where it is no such symbol or is cut', () => {
    const whole = '_RNvMs3_NtCshgDM7dBCdno_11rust_binder7processNtB5_7Process10update_ref'
    for (let length = 2; length < whole.length; length++) {
      const cut = whole.slice(0, length)
      assert.equal(readableName(cut), cut)
    }
    for (const symbol of [
      'pump_open',
      '_RIC4pumphE',
      '_RB_',
      '_RNvB_1a',
      `_R${'Nv'.repeat(5000)}`,
      '_RC9999a',
    ])
      assert.equal(readableName(symbol), symbol)
  })

  it('is not made of more parts than somebody reads, though each refers to the one before twice', () => {
    const levels = 14
    const earlier = Array.from({ length: levels }, (_, at) => `B${(levels - at - 1).toString(36)}_`)
    const doubled = `_R${'Y'.repeat(levels)}C1a${earlier.join('')}`
    assert.equal(readableName(doubled), doubled)
  })
})
