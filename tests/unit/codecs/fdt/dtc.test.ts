import assert from 'node:assert/strict'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { debianArm64 } from '../../../../scripts/setup/places.mjs'
import { applyOverlay, findNode, packFdt, parseFdt, toText } from '../../../../src/codecs/fdt/index.ts'
import { describeWith } from '../../../support/requirements.ts'
import { runTool, useScratch } from '../oracle.ts'

const boardSource = `/dts-v1/;
/memreserve/ 0x80000000 0x10000;
/ {
  compatible = "acme,board-rev2", "acme,board";
  model = "Acme Board";
  #address-cells = <2>;
  #size-cells = <1>;
  aliases { serial0 = &uart0; };
  clock: clock { #clock-cells = <0>; clock-frequency = <24000000>; };
  gpio: gpio { #gpio-cells = <2>; };
  soc: soc {
    #address-cells = <1>;
    #size-cells = <1>;
    uart0: serial@9000000 { reg = <0x9000000 0x1000>; clocks = <&clock>; status = "disabled"; };
    i2c0: i2c@9010000 { reg = <0x9010000 0x1000>; #address-cells = <1>; #size-cells = <0>; };
  };
};
`

/** Own labels, references to own and to the board's nodes, a path instead of a label, a phandle on both sides. */
const overlaySource = `/dts-v1/;
/plugin/;
&uart0 { status = "okay"; new-property = [01 02 03]; };
&i2c0 {
  status = "okay";
  sensor: sensor@48 {
    compatible = "acme,sensor";
    reg = <0x48>;
    supply = <&regulator>;
    interrupts-extended = <&gpio 5 1 &gpio 6 1>;
  };
};
&{/soc} { regulator: regulator { regulator-name = "vcc"; twin = <&sensor &clock>; }; };
&{/} { leds { led0: led { gpios = <&gpio 1 0>; label = "status"; }; }; };
`

describeWith(['dtc'], 'a device tree, compared with dtc,', () => {
  const scratch = useScratch()
  const compile = (source: string) =>
    Buffer.from(runTool('dtc', ['-q', '-@', '-I', 'dts', '-O', 'dtb'], { input: source }))
  /** As text in which neither the order nor the layout of the file counts. */
  const decompile = (tree: Uint8Array) =>
    runTool('dtc', ['-q', '-s', '-I', 'dtb', '-O', 'dts'], { input: tree }).toString()

  it('has the same bytes when it is read and written again', () => {
    const compiled = compile(boardSource)
    assert.deepEqual(Buffer.from(packFdt(parseFdt(compiled))), compiled)
  })

  it('has the nodes and values that dtc put in', () => {
    const tree = parseFdt(compile(boardSource))
    const uart = findNode(tree, '/soc/serial@9000000')
    assert.equal(toText(uart?.properties.get('status') ?? Buffer.alloc(0), 'status'), 'disabled')
    assert.deepEqual(tree.reservations, [{ address: 0x80000000n, size: 0x10000n }])
  })

  describe('and with fdtoverlay,', () => {
    const mergeByTool = (base: Uint8Array, ...overlays: Uint8Array[]) => {
      const paths = [base, ...overlays].map((bytes, index) => {
        const path = join(scratch(), `${index}.dtb`)
        writeFileSync(path, bytes)
        return path
      })
      const output = join(scratch(), 'merged.dtb')
      runTool('fdtoverlay', ['-i', paths[0] ?? '', '-o', output, ...paths.slice(1)])
      return readFileSync(output)
    }
    const merge = (base: Uint8Array, ...overlays: Uint8Array[]) =>
      packFdt(overlays.map((overlay) => parseFdt(overlay)).reduce(applyOverlay, parseFdt(base)))

    it('becomes the same tree when an overlay is applied', () => {
      const [base, overlay] = [compile(boardSource), compile(overlaySource)]
      assert.equal(decompile(merge(base, overlay)), decompile(mergeByTool(base, overlay)))
    })

    it('becomes the same tree when overlays build on each other', () => {
      const [base, first] = [compile(boardSource), compile(overlaySource)]
      const second = compile(
        '/dts-v1/; /plugin/; &sensor { status = "okay"; child { by = <&regulator>; }; }; &led0 { label = "renamed"; };',
      )
      assert.equal(decompile(merge(base, first, second)), decompile(mergeByTool(base, first, second)))
    })

    it('is left as it was by an overlay that does not fit', () => {
      const base = parseFdt(compile(boardSource))
      const before = packFdt(base)
      const refuse = (overlay: string, code: string, message: RegExp) => {
        assert.throws(() => applyOverlay(base, parseFdt(compile(overlay))), {
          name: 'HilError',
          code,
          message,
        })
      }
      refuse('/dts-v1/; /plugin/; &missing { a; };', 'fdt.overlay-symbol', /the label missing, which/)
      refuse('/dts-v1/; /plugin/; &{/missing} { a; };', 'fdt.overlay-target', /\/missing, which is not/)
      refuse('/dts-v1/; / { a; };', 'fdt.overlay-empty', /no overlay/)
      refuse('/dts-v1/; / { fragment { __overlay__ { }; }; };', 'fdt.overlay-target', /neither target nor/)
      refuse(
        '/dts-v1/; / { fragment { target = <99>; __overlay__ { }; }; };',
        'fdt.overlay-target',
        /phandle 99/,
      )
      const broken = '__fixups__ { uart0 = "/fragment:target:4"; };'
      refuse(
        `/dts-v1/; / { fragment { target = <0>; __overlay__ { }; }; ${broken} };`,
        'fdt.overlay-fixup',
        /no place/,
      )
      assert.deepEqual(packFdt(base), before)
    })

    it('says when a device tree was built without labels', () => {
      const plain = runTool('dtc', ['-q', '-I', 'dts', '-O', 'dtb'], { input: boardSource })
      assert.throws(() => applyOverlay(parseFdt(plain), parseFdt(compile(overlaySource))), {
        code: 'fdt.overlay-symbol',
        message: /no __symbols__: build it with `dtc -@`/,
      })
    })

    it("keeps the board's phandle of a node to which both give one", () => {
      const overlay = compile(
        '/dts-v1/; /plugin/; &{/soc} { mine: i2c@9010000 { }; user { by = <&mine>; }; };',
      )
      const merged = applyOverlay(parseFdt(compile(boardSource)), parseFdt(overlay))
      const by = findNode(merged, '/soc/user')?.properties.get('by')
      assert.deepEqual(by, findNode(merged, '/soc/i2c@9010000')?.properties.get('phandle'))
      const before = findNode(parseFdt(compile(boardSource)), '/soc/i2c@9010000')?.properties.get('phandle')
      assert.deepEqual(Buffer.from(by ?? []), Buffer.from(before ?? []))
    })
  })
})

describeWith(['qemu', 'dtc'], "the device trees of Debian's arm64 kernel", () => {
  it('are read and written with the same meaning, and most with the same bytes', function () {
    this.timeout(60_000)
    const { dtbs } = debianArm64()
    const files = readdirSync(dtbs, { recursive: true, encoding: 'utf8' }).filter((file) =>
      file.endsWith('.dtb'),
    )
    const different = files.filter((file) => {
      const bytes = readFileSync(join(dtbs, file))
      return Buffer.compare(packFdt(parseFdt(bytes)), bytes) !== 0
    })
    assert.ok(files.length > 500, `${files.length} trees`)
    // Those that kbuild merged from overlays have been edited in place, which leaves traces in the file.
    assert.ok(different.length < files.length / 20, different.join(' '))
    for (const file of different) {
      const bytes = readFileSync(join(dtbs, file))
      const text = (tree: Uint8Array) =>
        runTool('dtc', ['-q', '-s', '-I', 'dtb', '-O', 'dts'], { input: tree }).toString()
      assert.equal(text(packFdt(parseFdt(bytes))), text(bytes), file)
    }
  })
})
