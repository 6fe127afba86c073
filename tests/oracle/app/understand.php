<?php
// For each line of standard input, a function's name and its argument in Base64: one line, the result as rows.

require __DIR__ . '/rows.php';

while (($line = fgets(STDIN)) !== false) {
    [$function, $argument] = explode(' ', rtrim($line, "\n"));
    echo json_encode(rows(understood($function, base64_decode($argument)))), "\n";
}

function understood(string $function, string $sent)
{
    switch ($function) {
        case 'parse_str': parse_str($sent, $fields); return $fields;
        case 'json_decode': return json_decode($sent, true);
        case 'strval': return strval(json_decode($sent));
    }
}
