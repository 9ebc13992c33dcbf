"""The staff console: one table of what may be asked, by whom."""

from aiohttp import web

from handlers.staff import (
    assets,
    attachments,
    campaign,
    campaign_list,
    campaign_new,
    complaint,
    complaint_list,
    complaint_work,
    entry,
    export,
    golden,
    home,
    knowledge,
    knowledge_entry,
    neighbours,
    people,
    questions,
    teach,
    trail,
    unit,
)
from handlers.staff.guard import Guard, Screen
from handlers.staff.visit import ANYONE, MEMBER, Console

__all__ = ["SCREENS", "Console", "routes"]

_COMPLAINT = r"/staff/complaints/{code:PA-\d{4}-\d{5,7}}"

SCREENS = (
    Screen("GET", "/staff", ANYONE, home.onwards),
    Screen("GET", "/staff/static/{name}", ANYONE, assets.show),
    Screen("GET", "/staff/sign-in", ANYONE, entry.ask),
    Screen("POST", "/staff/sign-in", ANYONE, entry.sign_in),
    Screen("GET", "/staff/link/{secret}", ANYONE, entry.ask_password),
    Screen("POST", "/staff/link/{secret}", ANYONE, entry.set_password),
    Screen("POST", "/staff/sign-out", MEMBER, entry.sign_out),
    Screen("GET", "/staff/", MEMBER, home.show),
    Screen("GET", "/staff/complaints", "complaints", complaint_list.show),
    Screen("GET", _COMPLAINT, "complaints", complaint.show),
    Screen("POST", f"{_COMPLAINT}/contact", "personal", complaint.reveal),
    Screen("POST", f"{_COMPLAINT}/move", "answer", complaint_work.move),
    Screen("POST", f"{_COMPLAINT}/assign", "answer", complaint_work.assign),
    Screen("POST", f"{_COMPLAINT}/category", "answer", complaint_work.categorise),
    Screen("POST", f"{_COMPLAINT}/note", "answer", complaint_work.jot),
    Screen("POST", f"{_COMPLAINT}/answer", "answer", complaint_work.answer),
    Screen("GET", r"/staff/attachments/{id:\d{1,9}}", "complaints", attachments.show),
    Screen("GET", "/staff/questions", "answer", questions.show),
    Screen("POST", r"/staff/questions/{id:\d{1,9}}/close", "answer", questions.close),
    Screen("POST", r"/staff/questions/{id:\d{1,9}}/answer", "answer", questions.answer),
    Screen("GET", r"/staff/questions/{id:\d{1,9}}/teach", "knowledge", teach.choose),
    Screen("GET", r"/staff/questions/{id:\d{1,9}}/phrasing", "knowledge", teach.try_out),
    Screen("POST", r"/staff/questions/{id:\d{1,9}}/phrasing", "knowledge", teach.save),
    Screen("GET", r"/staff/questions/{id:\d{1,9}}/scope", "knowledge", teach.choose_neighbour),
    Screen("POST", r"/staff/questions/{id:\d{1,9}}/scope", "knowledge", teach.remember),
    Screen("GET", "/staff/knowledge", "knowledge", knowledge.show),
    Screen("GET", "/staff/knowledge/procedures/new", "knowledge", knowledge_entry.ask),
    Screen("POST", "/staff/knowledge/procedures", "knowledge", knowledge_entry.add),
    Screen("GET", "/staff/knowledge/procedures/{code}", "knowledge", knowledge_entry.show),
    Screen("POST", "/staff/knowledge/procedures/{code}", "knowledge", knowledge_entry.save),
    Screen("POST", "/staff/knowledge/procedures/{code}/list", "knowledge", knowledge_entry.list_only),
    Screen("GET", "/staff/knowledge/neighbours", "knowledge", neighbours.show_all),
    Screen("GET", "/staff/knowledge/neighbours/new", "knowledge", neighbours.ask),
    Screen("POST", "/staff/knowledge/neighbours", "knowledge", neighbours.add),
    Screen("GET", "/staff/knowledge/neighbours/{key}", "knowledge", neighbours.show),
    Screen("POST", "/staff/knowledge/neighbours/{key}", "knowledge", neighbours.save),
    Screen("GET", "/staff/knowledge/golden", "knowledge", golden.show),
    Screen("POST", "/staff/knowledge/golden", "knowledge", golden.add),
    Screen("POST", r"/staff/knowledge/golden/{id:\d{1,9}}/delete", "knowledge", golden.drop),
    Screen("GET", "/staff/campaigns", "campaigns", campaign_list.show),
    Screen("POST", "/staff/campaigns", "campaigns", campaign_new.create),
    Screen("GET", "/staff/campaigns/new", "campaigns", campaign_new.ask),
    Screen("GET", r"/staff/campaigns/{id:\d{1,9}}", "campaigns", campaign.show),
    Screen("POST", r"/staff/campaigns/{id:\d{1,9}}/approve", "approve", campaign.approve),
    Screen("POST", r"/staff/campaigns/{id:\d{1,9}}/cancel", "campaigns", campaign.cancel),
    Screen("POST", r"/staff/issues/{id:\d{1,9}}/resume", "campaigns", campaign.resume),
    Screen("GET", "/staff/export", "export", export.ask),
    Screen("POST", "/staff/export", "export", export.make),
    Screen("GET", "/staff/audit", "audit", trail.show),
    Screen("GET", "/staff/unit", "people", unit.show),
    Screen("POST", "/staff/unit", "people", unit.save),
    Screen("GET", "/staff/people", "people", people.show),
    Screen("POST", "/staff/people", "people", people.add),
    Screen("POST", r"/staff/people/{id:\d{1,9}}/link", "people", people.renew_link),
    Screen("POST", r"/staff/people/{id:\d{1,9}}/off", "people", people.switch_off),
    Screen("POST", r"/staff/people/{id:\d{1,9}}/on", "people", people.switch_on),
    Screen("GET", "/staff/{rest:.*}", MEMBER, home.lost),
)


def routes(console: Console) -> list[web.RouteDef]:
    guard = Guard(console)
    return [web.route(screen.method, screen.path, guard.around(screen)) for screen in SCREENS]
