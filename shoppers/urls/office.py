"""The project leader's door: shoppers and the plan."""

from django.urls import path

from shoppers.views import office

app_name = "shoppers_office"

urlpatterns = [
    path("<slug:edition_code>/shoppere/", office.list_shoppers, name="shoppers"),
    path("<slug:edition_code>/plan/", office.show_plan, name="plan"),
    path("<slug:edition_code>/plan/lag/", office.start_planning, name="plan_start"),
]
