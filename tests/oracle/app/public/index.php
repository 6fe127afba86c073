<?php
// A stock Laravel kernel with the request middlewares of every Laravel application, and the routes of the vendor's API
// that are compared. Errors are JSON, unless a header X-Render: stock leaves the choice to Laravel.
//
// Each answer carries in X-Read what was read of the request: `raw` before and `values` after the middlewares, the
// method (null when its override is refused), whether JSON is expected, and the bearer token.
// PUT /validate answers with the errors of the rules in the input, each beside the name that it is for.

require '/usr/share/php/Illuminate/autoload.php';
require dirname(__DIR__) . '/rows.php';

use Illuminate\Contracts\Debug\ExceptionHandler;
use Illuminate\Contracts\Http\Kernel;
use Illuminate\Foundation\Http\Middleware as M;
use Illuminate\Http\Request;
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

class KeepRead
{
    public static $read;

    public function handle($request, $next)
    {
        try {
            // A copy is asked, for a request that has once refused an override takes it for a POST.
            $method = (clone $request)->method();
        } catch (SuspiciousOperationException $e) {
            $method = null;
        }
        $token = $request->bearerToken();
        self::$read = [
            'raw' => rows(KeepRaw::$input), 'values' => rows($request->input()), 'method' => $method,
            'json' => $request->expectsJson(), 'token' => is_string($token) ? latin1($token) : null,
        ];
        return $next($request);
    }
}

class HttpKernel extends Illuminate\Foundation\Http\Kernel
{
    protected $middleware = [
        M\ValidatePostSize::class, KeepRaw::class, M\TrimStrings::class, M\ConvertEmptyStringsToNull::class,
        KeepRead::class,
    ];
}

class JsonHandler extends Illuminate\Foundation\Exceptions\Handler
{
    public function report(Throwable $e) {}
    protected function shouldReturnJson($request, Throwable $e)
    {
        return $request->header('X-Render') !== 'stock' || parent::shouldReturnJson($request, $e);
    }
}

$app->singleton(Kernel::class, HttpKernel::class);
$app->singleton(ExceptionHandler::class, JsonHandler::class);
$app->booted(function () use ($app) {
    $app['router']->put('/records', function (Request $request) {
        $request->validate(['configuration' => 'required', 'record' => 'required|array']);
        return response('', 200);
    });
    $app['router']->get('/v7/rest/sync/responses', function (Request $request) {
        $request->validate(['per_page' => 'integer|between:1,1000', 'cursor' => 'integer']);
        return response('', 200);
    });
    $app['router']->put('/hooks/{id}', function () {
        return response('', 200);
    });
    $app['router']->put('/validate', function (Request $request) {
        return array_map(function ($case) {
            $data = array_key_exists('value', $case) ? ['record' => [$case['name'] => $case['value']]] : ['record' => []];
            $path = 'record.' . str_replace('.', '\.', $case['name']);
            return validator($data, [$path => $case['rules']])->errors()->toArray();
        }, json_decode($request->getContent(), true)['cases']);
    });
});

$kernel = $app->make(Kernel::class);
$response = $kernel->handle($request = Request::capture());
if (KeepRead::$read !== null) {
    $response->headers->set('X-Read', base64_encode(json_encode(KeepRead::$read)));
}
$response->send();
$kernel->terminate($request, $response);
