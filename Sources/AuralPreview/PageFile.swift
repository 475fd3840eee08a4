import FlyingFox
import Foundation

/// The page's files, which are part of the program.
struct PageFile: Sendable {
    let path: String
    let type: String
    let bytes: [UInt8]

    static let all = [
        PageFile(path: "/", type: "text/html; charset=utf-8", bytes: PackageResources.page_html),
        PageFile(path: "/page.js", type: "text/javascript; charset=utf-8", bytes: PackageResources.page_js),
        PageFile(path: "/masks.js", type: "text/javascript; charset=utf-8", bytes: PackageResources.masks_js),
        PageFile(path: "/pointing.js", type: "text/javascript; charset=utf-8", bytes: PackageResources.pointing_js),
        PageFile(path: "/page.css", type: "text/css; charset=utf-8", bytes: PackageResources.page_css),
    ]

    var response: HTTPResponse { HTTPResponse(statusCode: .ok, headers: PreviewServer.headers(type: type), body: Data(bytes)) }
}
