;; Kernels of COUNT that pay as WebAssembly (bench/RESULTS.md). keyOf and unmix of count.kernel.ts define them.
;; `npm run kernels` turns this file into kernels-wasm.ts.
;;
;; Compensation: two colours of an event in the two lanes of a vector, four events side by side.
;; Every sum starts at 0 and adds detector after detector, so each lane has exactly the bits of the plain kernels.
;;   rows     address of the first row of the block;  stride    bytes a row
;;   list, n  positions (i32) of the events;          offsets   byte offset (i32) of each detector within a row
;;   weights  two f64 a detector;                     a, b      columns (f64), written at the positions of the list
(module
  (import "kernels" "memory" (memory 1))
  ;; exact test of the gate at hand for an event in a boundary cell: 0 or 1
  (import "kernels" "exact" (func $exact (param f64 f64) (result i32)))

  (func (export "unmixPairFloat32")
    (param $rows i32) (param $stride i32) (param $list i32) (param $n i32)
    (param $offsets i32) (param $detectors i32) (param $weights i32) (param $a i32) (param $b i32)
    (local $end i32) (local $last4 i32) (local $d i32) (local $o i32) (local $w v128) (local $at i32)
    (local $i0 i32) (local $i1 i32) (local $i2 i32) (local $i3 i32)
    (local $r0 i32) (local $r1 i32) (local $r2 i32) (local $r3 i32)
    (local $s0 v128) (local $s1 v128) (local $s2 v128) (local $s3 v128)
    (local.set $end (i32.add (local.get $list) (i32.shl (local.get $n) (i32.const 2))))
    (local.set $last4 (i32.sub (local.get $end) (i32.const 16)))
    (block $fours_done
      (loop $fours
        (br_if $fours_done (i32.gt_s (local.get $list) (local.get $last4)))
        (local.set $i0 (i32.load (local.get $list)))
        (local.set $i1 (i32.load offset=4 (local.get $list)))
        (local.set $i2 (i32.load offset=8 (local.get $list)))
        (local.set $i3 (i32.load offset=12 (local.get $list)))
        (local.set $r0 (i32.add (local.get $rows) (i32.mul (local.get $i0) (local.get $stride))))
        (local.set $r1 (i32.add (local.get $rows) (i32.mul (local.get $i1) (local.get $stride))))
        (local.set $r2 (i32.add (local.get $rows) (i32.mul (local.get $i2) (local.get $stride))))
        (local.set $r3 (i32.add (local.get $rows) (i32.mul (local.get $i3) (local.get $stride))))
        (local.set $s0 (v128.const f64x2 0 0))
        (local.set $s1 (v128.const f64x2 0 0))
        (local.set $s2 (v128.const f64x2 0 0))
        (local.set $s3 (v128.const f64x2 0 0))
        (local.set $d (i32.const 0))
        (loop $detectors
          (local.set $o (i32.load (i32.add (local.get $offsets) (i32.shl (local.get $d) (i32.const 2)))))
          (local.set $w (v128.load (i32.add (local.get $weights) (i32.shl (local.get $d) (i32.const 4)))))
          (local.set $s0 (f64x2.add (local.get $s0) (f64x2.mul (local.get $w)
            (f64x2.promote_low_f32x4 (v128.load32_splat (i32.add (local.get $r0) (local.get $o)))))))
          (local.set $s1 (f64x2.add (local.get $s1) (f64x2.mul (local.get $w)
            (f64x2.promote_low_f32x4 (v128.load32_splat (i32.add (local.get $r1) (local.get $o)))))))
          (local.set $s2 (f64x2.add (local.get $s2) (f64x2.mul (local.get $w)
            (f64x2.promote_low_f32x4 (v128.load32_splat (i32.add (local.get $r2) (local.get $o)))))))
          (local.set $s3 (f64x2.add (local.get $s3) (f64x2.mul (local.get $w)
            (f64x2.promote_low_f32x4 (v128.load32_splat (i32.add (local.get $r3) (local.get $o)))))))
          (local.set $d (i32.add (local.get $d) (i32.const 1)))
          (br_if $detectors (i32.lt_s (local.get $d) (local.get $detectors))))
        (local.set $i0 (i32.shl (local.get $i0) (i32.const 3)))
        (local.set $i1 (i32.shl (local.get $i1) (i32.const 3)))
        (local.set $i2 (i32.shl (local.get $i2) (i32.const 3)))
        (local.set $i3 (i32.shl (local.get $i3) (i32.const 3)))
        (v128.store64_lane 0 (i32.add (local.get $a) (local.get $i0)) (local.get $s0))
        (v128.store64_lane 1 (i32.add (local.get $b) (local.get $i0)) (local.get $s0))
        (v128.store64_lane 0 (i32.add (local.get $a) (local.get $i1)) (local.get $s1))
        (v128.store64_lane 1 (i32.add (local.get $b) (local.get $i1)) (local.get $s1))
        (v128.store64_lane 0 (i32.add (local.get $a) (local.get $i2)) (local.get $s2))
        (v128.store64_lane 1 (i32.add (local.get $b) (local.get $i2)) (local.get $s2))
        (v128.store64_lane 0 (i32.add (local.get $a) (local.get $i3)) (local.get $s3))
        (v128.store64_lane 1 (i32.add (local.get $b) (local.get $i3)) (local.get $s3))
        (local.set $list (i32.add (local.get $list) (i32.const 16)))
        (br $fours)))
    (block $done
      (loop $ones
        (br_if $done (i32.ge_u (local.get $list) (local.get $end)))
        (local.set $i0 (i32.load (local.get $list)))
        (local.set $r0 (i32.add (local.get $rows) (i32.mul (local.get $i0) (local.get $stride))))
        (local.set $s0 (v128.const f64x2 0 0))
        (local.set $d (i32.const 0))
        (loop $detectors
          (local.set $o (i32.load (i32.add (local.get $offsets) (i32.shl (local.get $d) (i32.const 2)))))
          (local.set $w (v128.load (i32.add (local.get $weights) (i32.shl (local.get $d) (i32.const 4)))))
          (local.set $s0 (f64x2.add (local.get $s0) (f64x2.mul (local.get $w)
            (f64x2.promote_low_f32x4 (v128.load32_splat (i32.add (local.get $r0) (local.get $o)))))))
          (local.set $d (i32.add (local.get $d) (i32.const 1)))
          (br_if $detectors (i32.lt_s (local.get $d) (local.get $detectors))))
        (local.set $i0 (i32.shl (local.get $i0) (i32.const 3)))
        (v128.store64_lane 0 (i32.add (local.get $a) (local.get $i0)) (local.get $s0))
        (v128.store64_lane 1 (i32.add (local.get $b) (local.get $i0)) (local.get $s0))
        (local.set $list (i32.add (local.get $list) (i32.const 4)))
        (br $ones))))

  ;; Events of a list whose cell of a grid is inside, or on the boundary and inside by the exact test (grid.ts); a cell is found by keyOf.
  ;;   x, y  columns (f64);  cellX, cellY  a byte a key;  states  rows of 128 bytes;  out  list;  returns its length
  (func (export "withinGrid")
    (param $x i32) (param $y i32) (param $cellX i32) (param $cellY i32) (param $states i32)
    (param $list i32) (param $n i32) (param $out i32) (result i32)
    (local $end i32) (local $i i32) (local $begin i32) (local $u i32) (local $v i32)
    (local $keyX i32) (local $keyY i32) (local $state i32)
    (local.set $begin (local.get $out))
    (local.set $end (i32.add (local.get $list) (i32.shl (local.get $n) (i32.const 2))))
    (block $done
      (loop $events
        (br_if $done (i32.ge_u (local.get $list) (local.get $end)))
        (local.set $i (i32.load (local.get $list)))
        (i32.store (local.get $out) (local.get $i))
        (local.set $i (i32.shl (local.get $i) (i32.const 3)))
        ;; upper halves of both values; key = (|upper| - 0x3ff00000) >> 12, clamped to [0, 6656]; negative values 6657 further on
        (local.set $u (i32.load offset=4 (i32.add (local.get $x) (local.get $i))))
        (local.set $v (i32.load offset=4 (i32.add (local.get $y) (local.get $i))))
        (local.set $keyX (i32.shr_s (i32.sub (i32.and (local.get $u) (i32.const 0x7fffffff)) (i32.const 0x3ff00000)) (i32.const 12)))
        (local.set $keyY (i32.shr_s (i32.sub (i32.and (local.get $v) (i32.const 0x7fffffff)) (i32.const 0x3ff00000)) (i32.const 12)))
        (local.set $keyX (select (i32.const 0) (local.get $keyX) (i32.lt_s (local.get $keyX) (i32.const 0))))
        (local.set $keyY (select (i32.const 0) (local.get $keyY) (i32.lt_s (local.get $keyY) (i32.const 0))))
        (local.set $keyX (select (i32.const 6656) (local.get $keyX) (i32.gt_s (local.get $keyX) (i32.const 6656))))
        (local.set $keyY (select (i32.const 6656) (local.get $keyY) (i32.gt_s (local.get $keyY) (i32.const 6656))))
        (local.set $keyX (i32.add (local.get $keyX) (i32.mul (i32.shr_u (local.get $u) (i32.const 31)) (i32.const 6657))))
        (local.set $keyY (i32.add (local.get $keyY) (i32.mul (i32.shr_u (local.get $v) (i32.const 31)) (i32.const 6657))))
        (local.set $state (i32.load8_u (i32.add (local.get $states) (i32.add
          (i32.load8_u (i32.add (local.get $cellX) (local.get $keyX)))
          (i32.shl (i32.load8_u (i32.add (local.get $cellY) (local.get $keyY))) (i32.const 7))))))
        (if (i32.gt_u (local.get $state) (i32.const 1))
          (then (local.set $state (call $exact
            (f64.load (i32.add (local.get $x) (local.get $i))) (f64.load (i32.add (local.get $y) (local.get $i)))))))
        (local.set $out (i32.add (local.get $out) (i32.shl (local.get $state) (i32.const 2))))
        (local.set $list (i32.add (local.get $list) (i32.const 4)))
        (br $events)))
    (i32.shr_u (i32.sub (local.get $out) (local.get $begin)) (i32.const 2)))
)
