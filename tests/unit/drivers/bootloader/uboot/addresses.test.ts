import assert from 'node:assert/strict'
import { startDeadline } from '../../../../../src/core/deadline.ts'
import { chooseAddresses } from '../../../../../src/drivers/bootloader/uboot/addresses.ts'
import { ubootBootloader } from '../../../../../src/drivers/bootloader/uboot.ts'

describe('Where files are loaded in U-Boot', () => {
  const choose = async (variables: Readonly<Record<string, string>>) => {
    using t = startDeadline(5000, 'the test')
    const prompt = {
      run: (command: string) => {
        const name = /\$\{(\w+)\}/.exec(command)?.[1] ?? ''
        const stdout = `${variables[name] ?? ''}\n`
        return Promise.resolve({ command, exitCode: 0, stdout, kernelLines: [], durationMs: 1 })
      },
    }
    const files = { image: { size: 1 << 20 }, initrd: { size: 1 << 20 }, tree: { size: 1 << 16 } }
    return await chooseAddresses(prompt, files, ubootBootloader.schema.parse({}), t)
  }

  it('is where its variables say, with 0x or without', async () => {
    assert.deepEqual(
      await choose({ kernel_addr_r: '0x40400000', ramdisk_addr_r: '44000000', fdt_addr_r: '0x43F00000' }),
      { kernel: '0x40400000', ramdisk: '0x44000000', fdt: '0x43f00000' },
    )
  })

  it('is not where a variable says what is no address', async () => {
    await assert.rejects(choose({ kernel_addr_r: '${loadaddr}' }), {
      code: 'boot.no-address',
      blame: 'environment',
      message: /\$kernel_addr_r is "\$\{loadaddr\}", which is no address/,
    })
  })
})
