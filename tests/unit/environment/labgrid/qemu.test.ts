import { expectProblems, expectSame, remarksOn, target } from '../../../support/labgrid/same-board.ts'
import assert from 'node:assert/strict'

function withQemu(attributes: string, file = ''): string {
  return `${target(`drivers:\n  QEMUDriver: { ${attributes} }`)}${file}`
}

const virt = 'qemu_bin: qemu-system-aarch64, machine: virt, cpu: cortex-a57, memory: 1024M'
const images = `images:
  barebox: ../build/barebox.img
  built: !template '$LG_BUILDDIR/images/barebox.img'
  disk: ~/disk.qcow2
paths: { root: rootfs }
`

function ours(options: string, architecture = 'arm64'): string {
  return `boards:
  main:
    architecture: ${architecture}
    machine: { driver: qemu, ${options} }
`
}

const ourVirt = `binary: qemu-system-aarch64, machine: virt, cpu: cortex-a57, memory: 1024M, network: { device: 'virtio-net-pci,romfile=' }`

describe("labgrid's QEMUDriver", () => {
  for (const [title, attributes, options] of [
    ['firmware', 'bios: barebox', 'firmware: ../build/barebox.img'],
    [
      'a kernel with arguments',
      'kernel: built, boot_args: quiet',
      'kernel: /build/images/barebox.img, append: quiet',
    ],
    ['arguments without a kernel', 'bios: built, boot_args: quiet', 'firmware: /build/images/barebox.img'],
    [
      'further arguments in quotes',
      `bios: built, extra_args: "-device virtio-rng -name 'my board'"`,
      `firmware: /build/images/barebox.img, arguments: [-device, virtio-rng, -name, my board]`,
    ],
    [
      'a serial port before the console',
      `bios: built, extra_args: "-serial null -S"`,
      `firmware: /build/images/barebox.img, uart: 1, arguments: [-S]`,
    ],
    [
      'a disk, which its board may change',
      'kernel: built, disk: disk',
      `kernel: /build/images/barebox.img, append: root=/dev/vda rootwait, drives: [{ path: ~/disk.qcow2, format: qcow2, snapshot: false, interface: none }], arguments: [-device, 'virtio-blk-pci,drive=hil-drive0']`,
    ],
    [
      'a disk that stays as it is, and a flash',
      'bios: built, disk: disk, disk_opts: snapshot=on, flash: barebox',
      `firmware: /build/images/barebox.img, drives: [{ path: ~/disk.qcow2, format: qcow2, interface: none }, { path: ../build/barebox.img, snapshot: false, interface: pflash }], arguments: [-device, 'virtio-blk-pci,drive=hil-drive0']`,
    ],
  ] as const) {
    it(`is a machine with ${title}`, () =>
      expectSame(withQemu(`${virt}, ${attributes}`, images), ours(`${ourVirt}, ${options}`)))
  }

  for (const [nic, options] of [
    ['user,model=virtio-net-pci', 'network: { device: virtio-net-pci }'],
    ['user,model=e1000,mac=52:54:00:12:34:56', `network: { device: 'e1000,mac=52:54:00:12:34:56' }`],
    ['user,model=lan9118', 'network: { device: onboard }'],
    ['none', 'network: false'],
    ['user,hostfwd=tcp::2222-:22', `network: false, arguments: [-nic, 'user,hostfwd=tcp::2222-:22']`],
  ] as const) {
    it(`has the network that "${nic}" means`, () =>
      expectSame(
        withQemu(`${virt}, bios: built, nic: '${nic}'`, images),
        ours(`${ourVirt.replace(/, network.*$/, '')}, firmware: /build/images/barebox.img, ${options}`),
      ))
  }

  it('has the devices that a PC gets from QEMU by itself', () =>
    expectSame(
      withQemu(
        'qemu_bin: qemu, machine: pc, cpu: Nehalem, memory: 1G, kernel: built, display: qemu-default',
        `${images}tools: { qemu: /usr/bin/qemu-system-x86_64 }\n`,
      ),
      ours(
        'binary: /usr/bin/qemu-system-x86_64, machine: pc, cpu: Nehalem, memory: 1G, network: { device: onboard }, kernel: /build/images/barebox.img, arguments: [-vga, std]',
        'x86_64',
      ),
    ))

  for (const [emulator, architecture] of [
    ['qemu-system-arm', 'arm'],
    ['qemu-system-riscv32', 'riscv32'],
    ['qemu-system-mips64el', 'mips'],
    ['qemu-system-or1k', 'openrisc'],
    ['qemu-system-ppc', 'powerpc'],
    ['my-emulator', 'unknown'],
  ] as const) {
    it(`emulates ${architecture} with ${emulator}`, () =>
      expectSame(
        withQemu(`qemu_bin: ${emulator}, machine: m, cpu: c, memory: 1G, bios: built`, images),
        ours(
          `binary: ${emulator}, machine: m, cpu: c, memory: 1G, network: { device: onboard }, firmware: /build/images/barebox.img`,
          architecture,
        ),
      ))
  }

  it('connects no other serial port, and opens none on the network for it', async () => {
    const labgrid = withQemu(
      `${virt}, bios: built, extra_args: "-serial chardev:s2 -chardev socket,id=s2,host=localhost,port=2302,server=on -S"`,
      images,
    )
    await expectSame(
      labgrid,
      ours(`${ourVirt}, firmware: /build/images/barebox.img, uart: 1, arguments: [-S]`),
    )
    assert.match((await remarksOn(labgrid)).join('\n'), /only the console is connected, not chardev:s2/)
  })

  for (const [title, attributes, messages] of [
    [
      'an image that is not named',
      `${virt}, bios: ▸bearbox`,
      ['QEMUDriver: there is no image "bearbox" for "bios"; did you mean "barebox"?'],
    ],
    [
      '-append among further arguments',
      `${virt}, kernel: built, extra_args: ▸-append quiet`,
      ['QEMUDriver: labgrid takes no "-append" in "extra_args"; it is "boot_args"'],
    ],
    [
      'a disk of a machine that labgrid knows none of',
      'qemu_bin: q, machine: raspi3b, cpu: c, memory: 1G, bios: built, disk: ▸disk',
      ['QEMUDriver: labgrid knows no disk of the machine "raspi3b"; it does of vexpress-a9, pc, q35, virt'],
    ],
    [
      'a display that there is not',
      `${virt}, bios: built, display: ▸gtk`,
      ['QEMUDriver: there is no display "gtk"; there are none, fb-headless, egl-headless, qemu-default'],
    ],
  ] as const) {
    it(`is refused with the place for ${title}`, () => expectProblems(withQemu(attributes, images), messages))
  }

  it('is refused beside another power driver', () =>
    expectProblems(
      `${target(`drivers:\n  QEMUDriver: { ${virt}, bios: built }\n  ▸ManualPowerDriver: {}`)}${images}`,
      ['ManualPowerDriver: the QEMUDriver of this target brings power and console itself'],
    ))
})
