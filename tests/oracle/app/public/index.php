<?php
// A stock Laravel kernel with the request middlewares of every Laravel application, and the route PUT /records.
//
// The path /echo answers, for any method, what was read: `raw` before and `values` after the middlewares, and the
// method, null when its override is refused.

require '/usr/share/php/Illuminate/autoload.php';
require dirname(__DIR__) . '/rows.php';

use Illuminate\Contracts\Debug\ExceptionHandler;
use Illuminate\Contracts\Http\Kernel;
use Illuminate\Foundation\Http\Middleware as M;
use Illuminate\Http\Request;
use Illuminate\Http\Response;
use Symfony\Component\HttpFoundation\Exception\SuspiciousOperationException;

$app = new class(dirname(__DIR__)) extends Illuminate\Foundation\Application {
    public function langPath() { return $this->basePath('lang'); }
    public function bootstrapPath($path = '') { return getenv('ORACLE_VAR') . '/bootstrap' . ($path ? "/$path" : ''); }
    public function storagePath() { return getenv('ORACLE_VAR') . '/storage'; }
};

class KeepRaw
{
    public static $input;

    public function handle($request, $next)
    {
        self::$input = $request->input();
        return $next($request);
    }
}

class EchoInput
{
    public function handle($request, $next)
    {
        if ($request->path() !== 'echo') {
            return $next($request);
        }
        try {
            $method = $request->method();
        } catch (SuspiciousOperationException $e) {
            $method = null;
        }
        $read = ['raw' => rows(KeepRaw::$input), 'values' => rows($request->input()), 'method' => $method];
        return new Response(json_encode($read));
    }
}

class HttpKernel extends Illuminate\Foundation\Http\Kernel
{
    protected $middleware = [
        M\ValidatePostSize::class, KeepRaw::class, M\TrimStrings::class, M\ConvertEmptyStringsToNull::class,
        EchoInput::class,
    ];
}

class JsonHandler extends Illuminate\Foundation\Exceptions\Handler
{
    public function report(Throwable $e) {}
    protected function shouldReturnJson($request, Throwable $e) { return true; }
}

$app->singleton(Kernel::class, HttpKernel::class);
$app->singleton(ExceptionHandler::class, JsonHandler::class);
$app->booted(function () use ($app) {
    $app['router']->put('/records', function (Request $request) {
        $request->validate(['configuration' => 'required', 'record' => 'required|array']);
        return response('', 200);
    });
});

$kernel = $app->make(Kernel::class);
$response = $kernel->handle($request = Request::capture());
$response->send();
$kernel->terminate($request, $response);
