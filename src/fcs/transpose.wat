;; Rows of float32 to columns, four rows by four columns at a time. rowsToColumns of column.kernel.ts defines it.
;; `npm run kernels` turns this file into transpose-wasm.ts.
;;   rows     address of the first row;     stride  values a row;       count  rows
;;   columns  address of the first column;  pitch   bytes from column to column, at least 4 * count rounded up to 16
;; Returns 1 when any value is NaN or infinite (only then is 0 * v not zero), else 0.
(module
  (import "kernels" "memory" (memory 1))
  (func (export "transposeFloat32")
    (param $rows i32) (param $stride i32) (param $count i32) (param $columns i32) (param $pitch i32) (result i32)
    (local $width i32) (local $c i32) (local $e i32) (local $r i32) (local $to i32)
    (local $fours i32) (local $rowFours i32) (local $value f32)
    (local $a v128) (local $b v128) (local $d v128) (local $f v128)
    (local $ab v128) (local $cd v128) (local $ef v128) (local $gh v128) (local $zero v128)
    (local.set $width (i32.shl (local.get $stride) (i32.const 2)))
    (local.set $fours (i32.and (local.get $stride) (i32.const -4)))
    (local.set $rowFours (i32.and (local.get $count) (i32.const -4)))
    (local.set $zero (v128.const f32x4 0 0 0 0))
    ;; whole tiles
    (block $columns_done
      (loop $column
        (br_if $columns_done (i32.ge_s (local.get $c) (local.get $fours)))
        (local.set $e (i32.const 0))
        (local.set $r (i32.add (local.get $rows) (i32.shl (local.get $c) (i32.const 2))))
        (local.set $to (i32.add (local.get $columns) (i32.mul (local.get $c) (local.get $pitch))))
        (block $rows_done
          (loop $row
            (br_if $rows_done (i32.ge_s (local.get $e) (local.get $rowFours)))
            (local.set $a (v128.load (local.get $r)))
            (local.set $r (i32.add (local.get $r) (local.get $width)))
            (local.set $b (v128.load (local.get $r)))
            (local.set $r (i32.add (local.get $r) (local.get $width)))
            (local.set $d (v128.load (local.get $r)))
            (local.set $r (i32.add (local.get $r) (local.get $width)))
            (local.set $f (v128.load (local.get $r)))
            (local.set $r (i32.add (local.get $r) (local.get $width)))
            (local.set $zero (f32x4.add (local.get $zero) (f32x4.mul (local.get $a) (v128.const f32x4 0 0 0 0))))
            (local.set $zero (f32x4.add (local.get $zero) (f32x4.mul (local.get $b) (v128.const f32x4 0 0 0 0))))
            (local.set $zero (f32x4.add (local.get $zero) (f32x4.mul (local.get $d) (v128.const f32x4 0 0 0 0))))
            (local.set $zero (f32x4.add (local.get $zero) (f32x4.mul (local.get $f) (v128.const f32x4 0 0 0 0))))
            ;; a0 b0 a1 b1 | a2 b2 a3 b3 | d0 f0 d1 f1 | d2 f2 d3 f3
            (local.set $ab (i8x16.shuffle 0 1 2 3 16 17 18 19 4 5 6 7 20 21 22 23 (local.get $a) (local.get $b)))
            (local.set $cd (i8x16.shuffle 8 9 10 11 24 25 26 27 12 13 14 15 28 29 30 31 (local.get $a) (local.get $b)))
            (local.set $ef (i8x16.shuffle 0 1 2 3 16 17 18 19 4 5 6 7 20 21 22 23 (local.get $d) (local.get $f)))
            (local.set $gh (i8x16.shuffle 8 9 10 11 24 25 26 27 12 13 14 15 28 29 30 31 (local.get $d) (local.get $f)))
            (v128.store (local.get $to)
              (i8x16.shuffle 0 1 2 3 4 5 6 7 16 17 18 19 20 21 22 23 (local.get $ab) (local.get $ef)))
            (v128.store (i32.add (local.get $to) (local.get $pitch))
              (i8x16.shuffle 8 9 10 11 12 13 14 15 24 25 26 27 28 29 30 31 (local.get $ab) (local.get $ef)))
            (v128.store (i32.add (local.get $to) (i32.shl (local.get $pitch) (i32.const 1)))
              (i8x16.shuffle 0 1 2 3 4 5 6 7 16 17 18 19 20 21 22 23 (local.get $cd) (local.get $gh)))
            (v128.store (i32.add (local.get $to) (i32.mul (local.get $pitch) (i32.const 3)))
              (i8x16.shuffle 8 9 10 11 12 13 14 15 24 25 26 27 28 29 30 31 (local.get $cd) (local.get $gh)))
            (local.set $to (i32.add (local.get $to) (i32.const 16)))
            (local.set $e (i32.add (local.get $e) (i32.const 4)))
            (br $row)))
        (local.set $c (i32.add (local.get $c) (i32.const 4)))
        (br $column)))
    ;; the last columns of all rows, and the last rows of the other columns, value by value
    (local.set $c (i32.const 0))
    (block $rest_done
      (loop $rest
        (br_if $rest_done (i32.ge_s (local.get $c) (local.get $stride)))
        (local.set $e (select (local.get $rowFours) (i32.const 0) (i32.lt_s (local.get $c) (local.get $fours))))
        (block $values_done
          (loop $values
            (br_if $values_done (i32.ge_s (local.get $e) (local.get $count)))
            (local.set $value (f32.load (i32.add (local.get $rows)
              (i32.add (i32.mul (local.get $e) (local.get $width)) (i32.shl (local.get $c) (i32.const 2))))))
            (f32.store (i32.add (i32.add (local.get $columns) (i32.mul (local.get $c) (local.get $pitch)))
              (i32.shl (local.get $e) (i32.const 2))) (local.get $value))
            (local.set $zero (f32x4.add (local.get $zero)
              (f32x4.mul (f32x4.splat (local.get $value)) (v128.const f32x4 0 0 0 0))))
            (local.set $e (i32.add (local.get $e) (i32.const 1)))
            (br $values)))
        (local.set $c (i32.add (local.get $c) (i32.const 1)))
        (br $rest)))
    (v128.any_true (f32x4.ne (local.get $zero) (v128.const f32x4 0 0 0 0))))
)
