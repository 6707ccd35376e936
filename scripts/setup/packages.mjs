/**
 * What the machine must have beyond Node, and why. `boards`: without it no QEMU board starts.
 * `tests`: the real programs that tests hold our own code against; a test that misses one is skipped.
 * `kernels`: what builds a kernel for arm64, for the long tests of `npm run test:kernel-tree` and `test:bisect-kernel` alone.
 *
 * @typedef {'boards' | 'tests' | 'kernels'} Group
 * @typedef {object} Package
 * @property {string} name the package in Debian and Ubuntu
 * @property {Group} group
 * @property {string} proof the command, or the absolute path of the file, that shows it is there
 * @property {string} reason
 */

/** @type {readonly Package[]} */
export const packages = [
  {
    name: 'qemu-system-arm',
    group: 'boards',
    proof: 'qemu-system-aarch64',
    reason: 'runs the boards of env/virt-*.yaml',
  },
  {
    name: 'u-boot-qemu',
    group: 'boards',
    proof: '/usr/lib/u-boot/qemu_arm64/u-boot.bin',
    reason: 'the bootloader of env/virt-uboot.yaml',
  },
  {
    name: 'debian-archive-keyring',
    group: 'boards',
    proof: '/usr/share/keyrings/debian-archive-keyring.gpg',
    reason: "verifies Debian's arm64 kernel; on Debian it is always there, on Ubuntu not",
  },
  {
    name: 'device-tree-compiler',
    group: 'tests',
    proof: 'dtc',
    reason: 'the oracle for device trees and overlays',
  },
  { name: 'u-boot-tools', group: 'tests', proof: 'mkimage', reason: 'the oracle for FIT and uImage' },
  { name: 'cpio', group: 'tests', proof: 'cpio', reason: 'the oracle for initramfs archives' },
  {
    name: 'busybox',
    group: 'tests',
    proof: 'busybox',
    reason: 'a shell held to the contract of shells, and a TFTP client that our server must please',
  },
  { name: 'git', group: 'tests', proof: 'git', reason: 'makes the histories that are bisected' },
  {
    name: 'make',
    group: 'tests',
    proof: 'make',
    reason: 'builds that hil watch must wait for, and that are bisected',
  },
  { name: 'binutils', group: 'tests', proof: 'readelf', reason: 'the oracle for build-ids and ELF sections' },
  {
    name: 'ser2net',
    group: 'tests',
    proof: 'ser2net',
    reason: 'the oracle for serial ports over the network (RFC 2217)',
  },
  {
    name: 'python3-serial',
    group: 'tests',
    proof: '/usr/lib/python3/dist-packages/serial/rfc2217.py',
    reason:
      'another RFC 2217 server that our client must understand, and the client that benches compare with',
  },
  {
    name: 'chromium',
    group: 'tests',
    proof: 'chromium',
    reason: 'the browser in which report.html is tested',
  },
  {
    name: 'postgresql',
    group: 'tests',
    proof: 'pg_createcluster',
    reason: 'the database of teams, which history must run on as on SQLite',
  },
  { name: 'libxml2-utils', group: 'tests', proof: 'xmllint', reason: 'the oracle for JUnit XML' },
  { name: 'socat', group: 'tests', proof: 'socat', reason: 'makes pairs of ptys that stand in for UARTs' },
  {
    name: 'microcom',
    group: 'tests',
    proof: 'microcom',
    reason: 'has the UART at the other end of a console by SSH',
  },
  { name: 'tio', group: 'tests', proof: 'tio', reason: 'has the UART at the other end of a console by SSH' },
  { name: 'kmod', group: 'tests', proof: 'depmod', reason: 'the oracle for the indexes of kernel modules' },
  { name: 'e2fsprogs', group: 'tests', proof: 'mke2fs', reason: 'makes the root file systems of disks' },
  {
    name: 'openssh-server',
    group: 'tests',
    proof: 'sshd',
    reason: "another machine's SSH server, run by the tests for themselves, that files are put on",
  },
  {
    name: 'usbsdmux',
    group: 'tests',
    proof: 'usbsdmux',
    reason: 'switches memory cards; its arguments and errors',
  },
  { name: 'bmap-tools', group: 'tests', proof: 'bmaptool', reason: 'the oracle for block maps of images' },
  {
    name: 'fastboot',
    group: 'tests',
    proof: 'fastboot',
    reason: 'loads bootloaders; its arguments and errors',
  },
  {
    name: 'dfu-util',
    group: 'tests',
    proof: 'dfu-util',
    reason: 'loads bootloaders; its arguments and errors',
  },
  { name: 'uuu', group: 'tests', proof: 'uuu', reason: 'loads bootloaders; its arguments and errors' },
  {
    name: 'rkdeveloptool',
    group: 'tests',
    proof: 'rkdeveloptool',
    reason: 'loads bootloaders; its arguments and errors',
  },
  { name: 'lrzsz', group: 'tests', proof: 'rb', reason: 'the oracle for YMODEM' },
  { name: 'curl', group: 'tests', proof: 'curl', reason: 'a TFTP client that our server must please' },
  { name: 'tftp-hpa', group: 'tests', proof: 'tftp', reason: 'a TFTP client that our server must please' },
  {
    name: 'pdudaemon',
    group: 'tests',
    proof: 'pdudaemon',
    reason: 'drives PDUs for us, and its own clients accept the stand-ins that ours are tested with',
  },
  { name: 'openssl', group: 'tests', proof: 'openssl', reason: 'makes certificates as PDUs sign themselves' },
  { name: 'snmpd', group: 'tests', proof: 'snmpd', reason: 'the SNMP agent of the PDUs in tests' },
  { name: 'snmp', group: 'tests', proof: 'snmpset', reason: 'what labgrid asks an APC with' },
  { name: 'mosquitto', group: 'tests', proof: 'mosquitto', reason: 'the MQTT broker of the plugs in tests' },
  {
    name: 'mosquitto-clients',
    group: 'tests',
    proof: 'mosquitto_sub',
    reason: 'what the plugs in tests listen to that broker with',
  },
  {
    name: 'python3-pymodbus',
    group: 'tests',
    proof: '/usr/lib/python3/dist-packages/pymodbus/server/__init__.py',
    reason: 'the Modbus server of the relays in tests',
  },
  {
    name: 'systemd',
    group: 'tests',
    proof: 'systemd-analyze',
    reason: 'what checks the timer that starts a night by itself',
  },
  {
    name: 'python3-aiosmtpd',
    group: 'tests',
    proof: '/usr/lib/python3/dist-packages/aiosmtpd/smtp.py',
    reason: 'the mail server that summaries of nights are sent to in tests',
  },
  {
    name: 'python3-serial-asyncio',
    group: 'tests',
    proof: '/usr/lib/python3/dist-packages/serial_asyncio/__init__.py',
    reason: 'what that Modbus server does not start without',
  },
  {
    name: 'libvirt-daemon',
    group: 'tests',
    proof: 'libvirtd',
    reason: "keeps the virtual machines of libvirt's test driver",
  },
  {
    name: 'libvirt-daemon-driver-qemu',
    group: 'tests',
    proof: 'virt-qemu-run',
    reason: 'has libvirt run a board in QEMU',
  },
  { name: 'libvirt-clients', group: 'tests', proof: 'virsh', reason: 'what libvirt is asked with' },
  { name: 'gzip', group: 'tests', proof: 'gzip', reason: 'compresses as kernel builds do' },
  { name: 'bzip2', group: 'tests', proof: 'bzip2', reason: 'compresses as kernel builds do' },
  { name: 'lz4', group: 'tests', proof: 'lz4', reason: 'compresses as kernel builds do' },
  { name: 'lzop', group: 'tests', proof: 'lzop', reason: 'compresses as kernel builds do' },
  { name: 'zstd', group: 'tests', proof: 'zstd', reason: 'compresses as kernel builds do' },
  { name: 'xz-utils', group: 'tests', proof: 'xz', reason: 'compresses as kernel builds do' },
  {
    name: 'gcc-aarch64-linux-gnu',
    group: 'kernels',
    proof: 'aarch64-linux-gnu-gcc',
    reason: 'compiles kernels for arm64',
  },
  { name: 'gcc', group: 'kernels', proof: 'gcc', reason: 'compiles what builds of kernels run' },
  {
    name: 'libc6-dev',
    group: 'kernels',
    proof: '/usr/include/stdio.h',
    reason: 'what that is compiled against',
  },
  { name: 'flex', group: 'kernels', proof: 'flex', reason: 'makes a part of what builds of kernels run' },
  { name: 'bison', group: 'kernels', proof: 'bison', reason: 'makes a part of what builds of kernels run' },
  { name: 'bc', group: 'kernels', proof: 'bc', reason: 'calculates in builds of kernels' },
]
