import assert from 'node:assert/strict'
import { mergePayload, settingsOf, type PayloadArguments } from '../../../../src/app/payload/arguments.ts'
import { noPayload } from '../../../../src/environment/payload-settings.ts'

const nothing: PayloadArguments = {
  kernelTree: undefined,
  objects: undefined,
  make: undefined,
  arch: undefined,
  crossCompile: undefined,
  debian: undefined,
  fit: undefined,
  kernel: undefined,
  dtb: undefined,
  overlay: undefined,
  initrd: undefined,
  busybox: undefined,
  rsinit: undefined,
  rsinitBind: undefined,
  modulesFrom: undefined,
  modules: undefined,
  module: undefined,
  modulesPrefix: undefined,
  rootfs: undefined,
  files: undefined,
  bootargs: undefined,
  format: undefined,
}

const given = (args: Partial<PayloadArguments>) => settingsOf({ ...nothing, ...args }, '/here')

const own = {
  ...noPayload,
  kernel: '/env/Image',
  deviceTrees: ['/env/own.dtb'],
  busybox: '/env/busybox',
  extraModules: ['dummy'],
}

describe('The payload of an environment with options laid over it', () => {
  it('stays as it is without any', () => {
    assert.equal(mergePayload(own, given({})), own)
    assert.equal(mergePayload(undefined, given({})), undefined)
  })

  it('loses all that came with its kernel to another source of the kernel', () => {
    const merged = mergePayload(own, given({ kernelTree: 'linux' }))
    assert.equal(merged?.kernelTree, '/here/linux')
    assert.equal(merged.kernel, undefined)
    assert.deepEqual(merged.deviceTrees, [])
    assert.equal(merged.busybox, '/env/busybox', 'the initramfs is not the kernel tree’s')
  })

  it('keeps its device tree where only the kernel is replaced', () => {
    const merged = mergePayload(own, given({ kernel: 'Image' }))
    assert.equal(merged?.kernel, '/here/Image')
    assert.deepEqual(merged.deviceTrees, ['/env/own.dtb'])
  })

  it('has one init: a new one, or a whole initrd, takes the place of its own', () => {
    assert.equal(mergePayload(own, given({ rsinit: 'rsinit.cpio' }))?.busybox, undefined)
    const whole = mergePayload(own, given({ initrd: 'a:b' }))
    assert.equal(whole?.busybox, undefined)
    assert.deepEqual(whole?.initrd, { keepsOwn: false, files: ['/here/a', '/here/b'] })
    const appended = mergePayload(own, given({ initrd: ':a' }))
    assert.equal(appended?.busybox, '/env/busybox')
    assert.equal(appended.initrd?.keepsOwn, true)
  })

  it('gets further modules and overlays', () => {
    const merged = mergePayload(own, given({ module: ['loop'], overlay: ['led.dtbo'] }))
    assert.deepEqual(merged?.extraModules, ['dummy', 'loop'])
    assert.deepEqual(merged?.overlays, ['/here/led.dtbo'])
  })

  it('gives way to a payload that is made', () => {
    assert.deepEqual(mergePayload(own, given({ payload: 'out' })), { ...noPayload, directory: '/here/out' })
  })

  it('may not come from two places, or have two inits', () => {
    assert.throws(() => given({ kernel: 'a', payload: 'b' }), /--payload and --kernel exclude each other/)
    assert.throws(() => given({ busybox: 'a', rsinit: 'b' }), /--busybox and --rsinit exclude each other/)
  })
})
