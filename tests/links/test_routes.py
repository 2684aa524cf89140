"""Routes and calls as frameworks have them written, and what only looks like one."""

import pytest

from surefoot.domain import Chunk, LinkKind, Source, Span
from surefoot.links.found import SERVED, USED
from surefoot.links.routes import operations_in


def operations(language: str, text: str) -> list[str]:
    """Those that are whole: what a class and its methods have halves of is tested apart."""
    found = [each.target for each in operations_in(chunk(language, text)) if each.kind is LinkKind.OPERATION]
    return [target for target in found if not target.startswith("CLASS ") and " ~" not in target]


def halves(language: str, text: str) -> list[str]:
    found = [each.target for each in operations_in(chunk(language, text)) if each.kind is LinkKind.OPERATION]
    return [target for target in found if target.startswith("CLASS ") or " ~" in target]


def chunk(language: str, text: str, source: Source = Source.CODE, symbol: str = "") -> Chunk:
    return Chunk(Span("a", 1, text.count("\n") + 1), source, language, text, symbol)


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("python", '@app.route("/orders/<int:id>", methods=["GET"])\ndef order(id): ...', ["GET /orders/{}"]),
        ("python", "@bp.route('/orders')\ndef orders(): ...", ["ANY /orders"]),
        ("python", '@router.get("/orders/{id}", response_model=Order)\nasync def order(id): ...', ["GET /orders/{}"]),
        ("python", '@app.api.v1.delete(\n    "/orders/{id:path}"\n)\ndef f(): ...', ["DELETE /orders/{}"]),
        ("python", 'path("orders/<int:pk>/", views.order, name="order"),', ["ANY /orders/{}"]),
        ("python", "re_path(r'^orders/(?P<pk>[0-9]+)/$', order),", ["ANY /orders/{}"]),
        ("python", 'Route("/orders/{id}", order, methods=["PUT"]),', ["PUT /orders/{}"]),
        ("python", 'app.router.add_get("/orders/{id}", order)', ["GET /orders/{}"]),
        ("python", 'r = httpx.get(f"{BASE}/orders/{order.id}")', ["GET /orders/{}"]),
        ("python", 'client.post("https://x.example/api/orders?full=1", json=x)', ["POST /api/orders"]),
        ("python", 'router = APIRouter(prefix="/orders")\n\n@router.get("/{id}")\ndef f(): ...', ["GET /orders/{}"]),
        ("javascript", "router.get('/orders/:id', auth, (req, res) => {})", ["GET /orders/{}"]),
        ("javascript", "app.all(`/orders/:id?`, f)", ["ANY /orders/{}"]),
        ("javascript", "router.route('/orders/:id').put(f)", ["PUT /orders/{}"]),
        ("javascript", "fastify.route({ method: 'GET', url: '/orders/:id', handler })", ["GET /orders/{}"]),
        ("javascript", 'fetch("/api/orders/" + id)', ["GET /api/orders/{}"]),
        ("javascript", 'await fetch(`${base}/orders/${id}`, { method: "DELETE" })', ["DELETE /orders/{}"]),
        ("typescript", "axios.get<Order>(`/orders/${id}`)", ["GET /orders/{}"]),
        ("typescript", "@Get(':id')\nfindOne(@Param('id') id: string) {}", []),
        ("typescript", "@Controller('orders')\nexport class A {\n  @Get(':id')\n  one() {}\n}", ["GET /orders/{}"]),
        ("typescript", "@Controller('orders')\nexport class A {\n  @Post()\n  make() {}\n}", ["POST /orders"]),
        ("java", '@GetMapping("/orders/{id}")\npublic Order one() {}', ["GET /orders/{}"]),
        ("java", '@RequestMapping(value = "/orders", method = RequestMethod.POST)', ["POST /orders"]),
        (
            "java",
            '@RestController\n@RequestMapping("/orders")\npublic class A {\n@GetMapping("/{id}") f\n@PostMapping g\n}',
            ["GET /orders/{}", "POST /orders"],
        ),
        ("java", '@GetMapping(produces = "text/plain", value = "/orders")', ["GET /orders"]),
        ("java", '@GetMapping(produces = "application/json")', []),
        ("java", '@GetMapping(BASE + "/orders")', ["GET /orders"]),
        ("java", '@GET\n@Path("/orders/{id}")\npublic Order one() {}', ["ANY /orders/{}"]),
        ("kotlin", 'get("/orders/{id}") {\n}', ["GET /orders/{}"]),
        ("ruby", "get '/orders/:id' do\nend", ["GET /orders/{}"]),
        ("ruby", "  get 'orders/:id', to: 'orders#show'", ["GET /orders/{}"]),
        (
            "ruby",
            "resources :orders",
            [
                "GET /orders", "POST /orders", "GET /orders/{}", "PATCH /orders/{}", "PUT /orders/{}",
                "DELETE /orders/{}",
            ],
        ),
        ("elixir", '    get "/orders/:id", OrderController, :show', ["GET /orders/{}"]),
        ("php", "Route::get('/orders/{id}', [OrderController::class, 'show']);", ["GET /orders/{}"]),
        ("php", "#[Route('/orders/{id}', name: 'x', methods: ['GET'])]", ["GET /orders/{}"]),
        ("go", 'r.GET("/orders/:id", getOrder)', ["GET /orders/{}"]),
        ("go", 'r.Get("/orders/{id}", getOrder)', ["GET /orders/{}"]),
        ("go", 'mux.HandleFunc("GET /orders/{id}", getOrder)', ["GET /orders/{}"]),
        ("go", 'r.HandleFunc("/orders/{id:[0-9]+}", f).Methods("PUT")', ["PUT /orders/{}"]),
        ("go", 'http.NewRequestWithContext(ctx, http.MethodPost, c.base+"/orders", body)', ["POST /orders"]),
        ("go", 'r.Method("GET", "/orders/{id}", h)', ["GET /orders/{}"]),
        ("typescript", 'call<{ a: string; b: string }>("POST", "/orders", order)', ["POST /orders"]),
        ("typescript", "request('PUT', `/orders/${at(id)}/state`)", ["PUT /orders/{}/state"]),
        ("typescript", 'this.http.get<Order[]>(this.base + "/orders")', ["GET /orders"]),
        ("python", 'self._request("DELETE", f"/orders/{id}")', ["DELETE /orders/{}"]),
        ("csharp", '[HttpGet("orders/{id}")]\npublic Order Get(int id) {}', ["GET /orders/{}"]),
        (
            "csharp",
            '[Route("api/[controller]")]\npublic class OrdersController : ControllerBase {\n[HttpGet("{id}")] f',
            ["GET /api/orders/{}"],
        ),
        ("csharp", 'app.MapPost("/orders", f);', ["POST /orders"]),
        ("csharp", 'await http.GetFromJsonAsync<Order>($"/orders/{id}")', ["GET /orders/{}"]),
        ("rust", '.route("/orders/:id", get(order))', ["GET /orders/{}"]),
        ("rust", '#[get("/orders/{id}")]\nasync fn order() {}', ["GET /orders/{}"]),
    ],
)  # fmt: skip
def test_operations_are_found_however_they_are_written(language: str, text: str, expected: list[str]) -> None:
    found = operations(language, text)
    assert [target for target in found if target in expected] == expected
    assert set(found) <= set(expected)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("python", 'settings.get("orders/id")'),
        ("python", 'os.environ.get("HOME", "/")'),
        ("python", 'x = Path("/orders")\ny = data.get("key")'),
        ("javascript", "cache.get('orders')"),
        ("javascript", "map.get('/')"),
        ("go", 'url.Get("name")'),
        ("ruby", "get_orders '/orders'"),
        ("markdown", "router.get('/orders/:id')"),
        ("python", 'count("GET", "many")'),
        ("text", "@app.get('/orders')"),
        ("python", '@app.get("/a b")'),
        ("python", '@app.get("' + "/a" * 400 + '")'),
    ],
)
def test_what_only_looks_like_an_operation_is_none(language: str, text: str) -> None:
    assert operations(language, text) == []


def test_calls_count_less_than_what_they_call() -> None:
    """Whoever asks for an endpoint is shown its handler before its users."""
    (handled,) = operations_in(chunk("python", '@app.get("/orders")'))
    (called,) = operations_in(chunk("python", 'x = 1\ny = requests.get("http://h/orders")'))
    assert (handled.score, called.score) == (SERVED, USED)
    assert (handled.line, called.line) == (0, 1)


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("go", 'r.Post("/orders", s.createOrder)', "createorder"),
        ("go", 'r.Get("/orders/{id}", logged(s.showOrder))', "showorder"),
        ("go", 'mux.HandleFunc("POST /orders", s.handleCreate())', "handlecreate"),
        ("javascript", "router.post('/orders', auth, orders.create);", "create"),
        ("javascript", "app.get('/orders/:id', OrderController.show)", "ordercontroller.show"),
        ("javascript", "app.get('/orders/:id', async (req, res) => send(res))", ""),
        ("javascript", "app.get('/orders/:id', function (req, res) { send(res) })", ""),
        ("python", 'path("orders/<int:id>/", views.order_detail, name="order")', "orderdetail"),
        ("python", 'path("orders/", views.OrderList.as_view()),', "orderlist"),
        ("python", 'app.add_url_rule("/orders", view_func=show_orders)', "showorders"),
        ("python", '@app.get("/orders")\ndef orders(): ...', ""),
        ("rust", '.route("/orders", post(create_order).get(list_orders))', "createorder"),
        ("ruby", 'get "/orders/:id", to: "orders#show"', "orderscontroller.show"),
        ("ruby", 'get "/orders/:id", to: "shop/line_items#show"', "lineitemscontroller.show"),
        ("php", "Route::get('/orders', [OrderController::class, 'index']);", "ordercontroller.index"),
        ("php", "Route::post('/orders', 'OrderController@store');", "ordercontroller.store"),
        ("java", '@GetMapping("/orders")\npublic Order get() {', ""),
        # What is called on the route afterwards, and comments.
        ("go", 'r.HandleFunc("/orders/{id}", showOrder).Methods("GET")', "showorder"),
        ("go", 'r.HandleFunc("/orders", handleOrders) // see docs', "handleorders"),
        ("go", 'r.HandleFunc("/orders", handleOrders /* as in docs */)', "handleorders"),
        ("go", 'r.HandleFunc("/orders", logged(\n\thandleOrders, // not docs\n))\nother()', "handleorders"),
        ("javascript", "router.get('/orders', auth, ctl.list); // all of them", "list"),
        ("javascript", "router.get('/orders', ctl.list); // => all", "list"),
        ("javascript", "router.route('/orders').get(auth, list).post(create)", "list"),
        ("javascript", "router.route('/orders')\n  .put(auth, change)\n  .post(create)", "change"),
        ("python", 'path("orders/", views.orders),  # not lambda', "orders"),
        ("ruby", 'get "/orders/:id", to: "orders#show" # not "users#index"', "orderscontroller.show"),
        ("csharp", 'app.MapGet("/orders", Orders.List).WithName(Names.Other);', "orders.list"),
        ("php", "Route::get('/orders', ListOrders::class)->middleware(Auth::class);", "listorders"),
        # Further lines, as long as they go on.
        ("javascript", 'app.get("/orders", requireUser,\n  listOrders)', "listorders"),
        (
            "javascript",
            "app.get(\n  '/orders',\n  requireUser, // (\n\n  // who may\n  listOrders,\n);\nlater()",
            "listorders",
        ),
        ("javascript", "app.get('/orders', requireUser,\n  async (req, res) => {})", ""),
        ("ruby", "get '/orders', OrderList\nother '/x', Later", "orderlist"),
        ("javascript", 'app.get("/orders", ' + "requireUser,\n  " * 20 + "listOrders)", ""),
        ("javascript", 'app.get("/orders", ' + "a" * 300, ""),
        # Words of the framework, names of arguments, quoted texts; a controller's own method may be called like one.
        ("rust", '.route("/orders", axum::routing::get(orders::list))', "list"),
        ("rust", '.route("/orders", web::get().to(list_orders))', "listorders"),
        ("python", "path('api/', include('shop.urls'))", ""),
        ("python", "path('api/', include(('shop.urls', 'shop'), namespace=SHOP))", ""),
        ("python", "path('admin/', admin.site.urls)", ""),
        ("python", "path('', home)", "home"),
        ("python", "path('orders/', view=login_required(views.orders), name='orders')", "orders"),
        ("python", "app.add_url_rule('/orders', 'orders', list_orders)", "listorders"),
        ("python", "app.add_api_route('/orders', response_model=Orders, endpoint=list_orders)", "listorders"),
        ("javascript", "router.delete('/orders/:id', auth, ctl.delete)", "delete"),
        ("javascript", "router.get('/orders', can('read \\' orders, x'), ctl.list)", "list"),
        ("javascript", "fastify.route({ method: 'GET', url: '/orders', handler: list, schema: all })", "list"),
        ("javascript", "app.get('/orders', \"half, list)", ""),
        # Controllers of Phoenix and Rails beside options and symbols.
        ("elixir", '    get "/orders/:id", OrderController, :show', "ordercontroller.show"),
        ("elixir", '    get "/orders", Shop.OrderController, :index, as: :orders # all', "ordercontroller.index"),
        ("elixir", '    post "/orders", OrderController, :make, as: :x, private: %{a: 1}', "ordercontroller.make"),
        ("elixir", '    get "/orders", HealthPlug, []', "healthplug"),
        ("ruby", "get '/orders', OrderList, as: :orders", "orderlist"),
        ("ruby", "get 'orders', controller: :line_items, action: :index", "lineitemscontroller.index"),
        ("ruby", "get '/orders', OrderList, defaults: { format: :json }", "orderlist"),
        # What is put around a function, before or behind it.
        ("go", 'r.Get("/orders", chain(list, auth))', "list"),
        ("go", 'r.Get("/orders", chain(auth, logged, list))', "list"),
        ("go", 'r.Get("/orders", chain(s.list(), requireUser("admin"), withLog))', "list"),
        ("go", 'r.Get("/orders", use(s.list, middleware.Throttle, mw.Log(2)))', "list"),
        ("go", 'r.Get("/orders", use(s.list, []Wrapper{auth, logged}))', "list"),
        ("go", 'r.Get("/orders", withRole(admin, list))', "list"),
        ("go", 'r.Get("/orders", auth)', "auth"),
        ("go", 'r.Get("/orders", list, auth)', "auth"),
        ("go", 'r.Get("/orders", auth(logged))', "logged"),
        ("go", 'mux.Handle("/orders", limited(http.HandlerFunc(h.List), store))', "list"),
        ("go", 'r.Get("/orders", alice.New(logged).ThenFunc(s.list, rest))', "list"),
        ("javascript", "app.post('/orders', ctl.create.bind(ctl))", "create"),
        # Objects among the arguments.
        ("go", 'mux.Handle("GET /orders", &ordersHandler{db: db})', "ordershandler"),
        ("go", 'r.Get("/orders", func() error {\n\treturn list{a}.do()\n})', ""),
        ("javascript", "app.get('/orders', { schema: all, preHandler: [auth] }, orders.list)", "list"),
        ("javascript", "app.get('/orders', {\n  schema: { a: [{}] }, // }\n}, orders.list)", "list"),
        ("javascript", "app.get('/orders', cache({ ttl: time }), list)", "list"),
        ("javascript", "app.get('/orders', wrap(list, { ttl: time }))", "list"),
        ("javascript", "app.get('/orders', { schema: all, handler: ctl.list })", "list"),
        ("javascript", "app.get('/orders', { schema: all, handler: async () => {} })", ""),
        ("javascript", "app.get('/orders', { schema: all, handler: req => x })", ""),
        ("javascript", "app.get('/orders', { schema: all }, async (req) => { return a({ b }) })", ""),
        ("javascript", "app.get('/orders', { schema: all })", ""),
        ("javascript", "app.get('/orders', { schema: all, list)", ""),
        ("python", "path('orders/', views.orders, {'template': page}, name='orders')", "orders"),
        ("csharp", 'app.MapGet("/orders", () => new Order { Id = id });', ""),
    ],
)
def test_a_table_of_routes_names_the_function_beside_the_path(language: str, text: str, expected: str) -> None:
    """Where the function is written out at the route, or below it, it needs no name."""
    found = [each for each in operations_in(chunk(language, text)) if each.kind is LinkKind.SYMBOL]
    assert [each.target for each in found] == ([expected] if expected else [])
    assert all(each.line == 0 for each in found)


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("java", '@GetMapping("/{id}")\npublic Order show() {', ["GET ~/{}"]),
        ("java", "@PostMapping\npublic Order make() {", ["POST ~"]),
        ("java", '@RequestMapping("/api/orders")\npublic class Orders {', ["CLASS /api/orders", "CLASS /orders"]),
        (
            "java",
            '@RequestMapping(value = "/api/orders", produces = "application/json;v=1")\npublic class Orders {',
            ["CLASS /api/orders", "CLASS /orders"],
        ),
        (
            "java",
            '@RequestMapping(\n  produces = {"a/b", "c"}, name = M.A, path = {"/orders"}\n)\n@A(B.class)\nclass C {',
            ["CLASS /orders"],
        ),
        ("kotlin", '@RequestMapping("/orders", produces = [JSON])\nopen class Orders {', ["CLASS /orders"]),
        ("java", '@RequestMapping(value = "/orders" + END)\nclass Orders {', ["ANY ~/orders"]),
        ("java", '@RequestMapping(value = "/a", method = RequestMethod.PUT)\nvoid f() {}\nclass B {', ["PUT ~/a"]),
        ("java", '@GetMapping(value = "/{id}", produces = "text/plain")', ["GET ~/{}"]),
        ("java", '@PostMapping(produces = "application/json")', ["POST ~"]),
        (
            "csharp",
            '[ApiController]\n[Route("api/[controller]")]\n[Authorize]\npublic class OrderItemsController : Base\n{',
            ["CLASS /api/orderitems", "CLASS /orderitems"],
        ),
        (
            "csharp",
            '[Route("[Controller]/[action]", Order = 1)]\nclass Orders<T> where T : class\n{',
            ["CLASS /orders"],
        ),
        ("csharp", '[Route("orders")]\npublic class OrdersController\n{', ["CLASS /orders"]),
        ("csharp", '[HttpGet("[action]/{id}")]\npublic Order One(int id) {}', ["GET ~/{}"]),
        ("typescript", "@Get(':id/lines')\nlines() {}", ["GET ~/{}/lines"]),
        ("typescript", "@Controller('orders')\nexport class Orders {", ["CLASS /orders"]),
        ("csharp", '[HttpPut("{id}")]\npublic void Put(int id) {}', ["PUT ~/{}"]),
        ("python", '@app.get("/{id}")\ndef f(): ...', []),
    ],
)
def test_a_class_has_the_beginning_of_a_route_and_its_method_the_rest(
    language: str, text: str, expected: list[str]
) -> None:
    assert halves(language, text) == expected


@pytest.mark.parametrize(
    "unit",
    ['@a.get("', "router.get(", "APIRouter(", "path(", "fetch(", "fetch(`${", "<", "(?P<", "{", "@Controller('",
     '@RequestMapping("/a") ', "@A ", '[Route("a")]', "/{", ".get('/a' ", "class ", "\n", " ", '"', "\ud800", "\0",
     "method: 'GET', ", "prefix='/a'", "a.b.", "@a.a.a", 'x("GET", ', "http.MethodGet, ", 'x("GET", a + "/b", ',
     "@Entity ", "s.a.b, ", "('/a', b", "@RequestMapping(", '@RequestMapping(value = "/a", b = "c") ', "a = b, ",
     '@RequestMapping(a = "b", ', '@RequestMapping(a = {"b", ', '@RequestMapping(value = "/a"', "@GetMapping(a, ",
     '[Route("[controller]")] ', '[Route("a", ', "[action]", ".get('/a', b,\n", ".get('/a', (", ".get('/a' /* ",
     ".get('/a', `", ".route('/a')\n.get(", "\\", "',", ".get('/a', {", "{}", "}", "get '/a', A, :", "a(b, "],
)  # fmt: skip
@pytest.mark.parametrize("language", ["python", "typescript", "java", "csharp", "ruby", "php", "go", "rust"])
def test_text_that_repeats_itself_is_read_in_one_go(language: str, unit: str) -> None:
    """Quadratic patterns would take minutes here, and the time limit of the suite would end them."""
    marks = '.get("/orders") path( fetch( Mapping @Path [Http .Map Route Handle route( get prefix class\n'
    text = marks + unit * (60_000 // len(unit))
    assert all(each.target for each in operations_in(chunk(language, text)))
