import { constants } from 'node:fs'
import { chmod, copyFile, writeFile } from 'node:fs/promises'
import { basename } from 'node:path'
import type { Artifact, DeviceTreeChoice, ImageChoice } from '../payload/index.ts'
import { artifactName, toArtifact, type ArtifactMaker } from './artifact-maker.ts'
import { mergeDeviceTree, readOverlay } from './device-tree.ts'
import type { KernelSource } from './sources/kernel-source.ts'

/** Kernel and device tree as separate files. @param trees those that fit the board, the best first */
export async function makeFileParts(
  maker: ArtifactMaker,
  source: KernelSource,
  trees: readonly string[],
  overlays: readonly string[],
): Promise<{ readonly image: ImageChoice | undefined; readonly deviceTree: DeviceTreeChoice }> {
  const [tree, ...others] = trees
  if (tree !== undefined && others.length > 0) {
    const names = others.map((file) => basename(file)).join(', ')
    maker.note(`${basename(tree)} is taken; ${names} would fit the board too (--dtb names another)`)
  }
  const image = source.kernel === undefined ? undefined : await kernelFile(maker, source.kernel, source)
  const deviceTree: DeviceTreeChoice =
    tree === undefined
      ? { base: 'own', overlays: await overlayFiles(maker, overlays) }
      : { base: await treeFile(maker, tree, source, overlays), overlays: [] }
  return { image, deviceTree }
}

/** Overlays for the bootloader to apply to a device tree that is not at hand. */
export async function overlayFiles(maker: ArtifactMaker, overlays: readonly string[]): Promise<Artifact[]> {
  const artifacts: Artifact[] = []
  for (const overlay of overlays) {
    const name = artifactName(overlay).replace(/\.dtso?$/, '.dtbo')
    const produced = await maker.produce(name, { settings: ['overlay'], inputs: [overlay] }, async (path) =>
      writeFile(path, await readOverlay(overlay)),
    )
    artifacts.push(toArtifact('overlay', produced, { kind: 'file', path: overlay }))
  }
  return artifacts
}

async function kernelFile(
  maker: ArtifactMaker,
  kernel: string,
  { origin, inputs = [kernel] }: KernelSource,
): Promise<ImageChoice> {
  const recipe = { settings: ['copy', basename(kernel)], inputs }
  const produced = await maker.produce(artifactName(kernel), recipe, async (path) => {
    await copyFile(kernel, path, constants.COPYFILE_FICLONE)
    await chmod(path, 0o644)
  })
  return {
    artifact: toArtifact('kernel', produced, origin),
    brings: { deviceTree: false, initrd: false },
  }
}

async function treeFile(
  maker: ArtifactMaker,
  tree: string,
  { origin, inputs = [tree] }: KernelSource,
  overlays: readonly string[],
): Promise<Artifact> {
  const recipe = { settings: ['tree', basename(tree), overlays], inputs: [...inputs, ...overlays] }
  const produced = await maker.produce(artifactName(tree), recipe, async (path) =>
    writeFile(path, await mergeDeviceTree(tree, overlays)),
  )
  return toArtifact('device-tree', produced, origin)
}
