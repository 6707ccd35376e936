import assert from 'node:assert/strict'
import { chmodSync, chownSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { loaderEntryFindings } from '../../../../src/app/netboot/loader-entry.ts'
import { rootTreeFindings } from '../../../../src/app/netboot/root-tree.ts'
import { useScratch } from '../../codecs/oracle.ts'

const isRoot = process.getuid?.() === 0

describe('A root file system that is to be booted by NFS', () => {
  const scratch = useScratch()

  function write(files: Readonly<Record<string, string>>): string {
    const root = join(scratch(), 'root')
    mkdirSync(join(root, 'etc'), { recursive: true })
    for (const [path, content] of Object.entries(files)) {
      mkdirSync(dirname(join(root, path)), { recursive: true })
      writeFileSync(join(root, path), content)
    }
    return root
  }

  const problems = async (root: string) =>
    (await rootTreeFindings(root)).map(({ level, sentence }) => `${level}: ${sentence}`).join('\n')

  const ofRoot = 'is told from one that was unpacked without root, by its owners and its set-user-ID programs'
  const itAsRoot = (title: string, test: Mocha.AsyncFunc) =>
    isRoot ? it(title, test) : it.skip(`${title} [skipped: only root can give files away]`, test)

  itAsRoot(ofRoot, async () => {
    const root = write({ 'usr/bin/su': '', 'usr/bin/mount': '', 'etc/passwd': '' })
    chmodSync(join(root, 'usr/bin/su'), 0o4755)
    chmodSync(join(root, 'usr/bin/mount'), 0o755)
    assert.equal(
      await problems(root),
      'problem: /usr/bin/mount should have the set-user-ID bit: it was lost where the tree was copied or its owner changed; unpack it again as root, with -p',
    )
    chmodSync(join(root, 'usr/bin/mount'), 0o4755)
    assert.equal(await problems(root), '')
    chownSync(join(root, 'etc'), 1000, 1000)
    assert.match(
      await problems(root),
      /^problem: \/etc \(uid 1000\) should belong to root: .*--numeric-owner/,
    )
  })

  it('would be cut off by what configures its interface anew', async () => {
    const wants = 'etc/systemd/system/multi-user.target.wants'
    const network = 'etc/systemd/network/10-wired.network'
    const networkd = (text: string) => write({ [`${wants}/systemd-networkd.service`]: '', [network]: text })
    assert.match(
      await problems(networkd('[Match]\nName=eth0\n[Network]\nDHCP=yes\n')),
      /problem: systemd-networkd is enabled, and etc\/systemd\/network\/10-wired\.network .*KernelCommandLine=!nfsroot/,
    )
    const spared = networkd('[Match]\nName=eth0\nKernelCommandLine=!nfsroot\n[Network]\nDHCP=yes\n')
    assert.doesNotMatch(await problems(spared), /networkd/)
    assert.match(
      await problems(
        write({ 'etc/network/interfaces': 'auto lo\niface lo inet loopback\niface eth0 inet dhcp\n' }),
      ),
      /iface eth0 inet manual/,
    )
    const others = write({ [`${wants}/connman.service`]: '', [`${wants}/NetworkManager.service`]: '' })
    assert.match(await problems(others), /note: NetworkManager is enabled[^]*problem: ConnMan is enabled/)
  })

  const options = { kernel: undefined, devicetree: undefined, bootargs: undefined, dryRun: false }

  it('gets a loader entry for its newest kernel, unless it has one', async () => {
    const root = write({ 'boot/vmlinuz-6.9.0': '', 'boot/vmlinuz-6.12.0': '', 'boot/initrd.img-6.12.0': '' })
    const [finding] = await loaderEntryFindings(root, { ...options, bootargs: 'console=ttyS2' })
    assert.equal(finding?.sentence, 'loader/entries/hil-nfs.conf is written: it boots boot/vmlinuz-6.12.0')
    assert.equal(
      readFileSync(join(root, 'loader/entries/hil-nfs.conf'), 'utf8'),
      'title      NFS root, by hil\nlinux      /boot/vmlinuz-6.12.0\noptions    console=ttyS2\nlinux-appendroot true\n',
    )
    const [again] = await loaderEntryFindings(root, options)
    assert.equal(again?.sentence, 'loader/entries/hil-nfs.conf boots boot/vmlinuz-6.12.0')
  })

  it('is not written to in a dry run, nor for files that are not there', async () => {
    const root = write({ 'boot/Image': '' })
    const [dry] = await loaderEntryFindings(root, { ...options, dryRun: true })
    assert.match(dry?.sentence ?? '', /would be written/)
    const [missing] = await loaderEntryFindings(root, { ...options, kernel: '/boot/nothing' })
    assert.equal(missing?.sentence, `there is no boot/nothing in ${root}`)
    const [none] = await loaderEntryFindings(write({}), { ...options, kernel: undefined, dryRun: true })
    assert.match(none?.sentence ?? '', /would be written/)
    await assert.rejects(loaderEntryFindings(root, { ...options, kernel: '../../etc/passwd' }), {
      code: 'netboot.outside',
    })
  })

  it('needs a kernel that has NFS and ip= built in', async () => {
    const root = write({
      'boot/vmlinuz-6.1.0': '',
      'boot/config-6.1.0': '#\nCONFIG_NFS_FS=m\nCONFIG_IP_PNP=y\n# CONFIG_ROOT_NFS is not set\n',
    })
    const [, lacking] = await loaderEntryFindings(root, options)
    assert.match(
      lacking?.sentence ?? '',
      /can't mount a root by NFS: CONFIG_NFS_FS, CONFIG_ROOT_NFS would have to be =y/,
    )
  })
})
