<?php
// A PHP value as JSON that loses nothing: one row for each value, [row of its array, key, type, text], arrays before
// their entries. Bytes are written as the Latin-1 characters they would be.

function rows($value): array
{
    $rows = [[null, null, gettype($value), text($value)]];
    $arrays = is_array($value) ? [[0, $value]] : [];
    while ([$at, $array] = array_shift($arrays)) {
        foreach ($array as $key => $each) {
            $rows[] = [$at, is_int($key) ? $key : latin1($key), gettype($each), text($each)];
            if (is_array($each)) {
                $arrays[] = [count($rows) - 1, $each];
            }
        }
    }
    return $rows;
}

function text($value): string
{
    switch (gettype($value)) {
        case 'array': return '';
        case 'string': return latin1($value);
        case 'double': return var_export($value, true);
        default: return (string) $value;
    }
}

function latin1(string $bytes): string
{
    return mb_convert_encoding($bytes, 'UTF-8', 'ISO-8859-1');
}
